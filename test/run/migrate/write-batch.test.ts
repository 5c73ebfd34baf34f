import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../src/db/database.ts';
import type { Decide } from '../../../src/run/context/context.ts';
import type { MigrateResult } from '../../../src/run/migrate/migrate.ts';
import { findStaleRows } from '../../../src/run/migrate/write-batch.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import {
  benchOf,
  changedDatabase,
  COLUMNS,
  columnNames,
  openBench,
  runExpand,
  runMigrate,
  runPlan,
  runRollback,
  runVerify,
  shipped,
  TABLE,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';
import { otherRules } from '../../support/cloud/other-rules.ts';

/** A disk image that every run decides on, for the tests to disturb. */
const VICTIM = 'f0000000-0000-4000-8000-00000000face';

describe.each(ENGINES)('while somebody else writes, on %s', (engine) => {
  it.each([COLUMNS, TABLE])(
    'a row whose tuple changed after it was decided on is decided anew, never written stale ($kind)',
    async (target) => {
      const bench = await disturbedBench(engine);
      await runExpand(bench, target);
      const result = await runMigrate(bench, {
        ...between(bench, () => bench.other.execute(`UPDATE images SET disk_format = 'iso' WHERE id = ?`, [VICTIM])),
      });
      expect(result.end).toBe('complete');
      await expectEachWrittenOnce(bench, result);
      const [entry] = await bench.writer.query('SELECT * FROM retype_images WHERE image_id = ?', [VICTIM]);
      expect(entry).toMatchObject({ image_type: 'iso9660', container_type: 'raw', legacy_disk_format: 'iso' });
      expect((await runVerify(bench)).sample).toEqual([]);
    },
  );

  it('a row that nothing can be written to is decided anew as well, where its tuple changed', async () => {
    const bench = await disturbedBench(engine);
    await bench.writer.execute(`UPDATE images SET disk_format = 'raw' WHERE id = ?`, [VICTIM]);
    const result = await runMigrateExpanded(bench, () =>
      bench.other.execute(`UPDATE images SET disk_format = 'ami' WHERE id = ?`, [VICTIM]),
    );
    await expectEachWrittenOnce(bench, result);
    const [entry] = await bench.writer.query('SELECT * FROM retype_images WHERE image_id = ?', [VICTIM]);
    expect(entry).toMatchObject({ legacy_disk_format: 'ami' });
    expect((await runVerify(bench)).sample).toEqual([]);
  });

  it('a row that differs only by case or a trailing blank counts as changed', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    const result = await runMigrate(bench, {
      ...between(bench, () => bench.other.execute(`UPDATE images SET disk_format = 'QCOW2 ' WHERE id = ?`, [VICTIM])),
    });
    await expectEachWrittenOnce(bench, result);
    const [entry] = await bench.writer.query('SELECT * FROM retype_images WHERE image_id = ?', [VICTIM]);
    expect(entry?.['legacy_disk_format']).toBe('QCOW2 ');
    expect((await runVerify(bench)).sample).toEqual([]);
  });

  it('a word with U+FFFD in it is a word like any other', async () => {
    const bench = await disturbedBench(engine);
    await bench.writer.execute(`UPDATE images SET container_format = ? WHERE id = ?`, ['b\uFFFDre', VICTIM]);
    const rows = (await runPlan(bench)).filter(({ evidence }) => evidence.image.id === VICTIM);
    expect(rows.map(({ evidence }) => evidence.image.containerFormat)).toEqual(['b\uFFFDre']);
    const decided = rows.map(({ evidence, decision }) => ({ image: evidence.image, decision, stored: null }));
    const place = { writer: bench.reader, schema: bench.schema, target: TABLE };
    expect(await findStaleRows(place, decided)).toEqual([]);
  });

  it.runIf(engine === 'sqlite')('bytes that are no text hold up no other row, and verify names theirs', async () => {
    const bench = await disturbedBench(engine);
    await bench.writer.execute(`UPDATE images SET container_format = CAST(X'62FF' AS TEXT) WHERE id = ?`, [VICTIM]);
    await runExpand(bench, COLUMNS);
    expect((await runMigrate(bench)).end).toBe('complete');
    const { sample } = await runVerify(bench);
    expect(sample.map(({ kind, imageId }) => [kind, imageId])).toEqual([['not-migrated', VICTIM]]);
  });

  it('a row whose status changed meanwhile is decided anew', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    const result = await runMigrate(bench, {
      ...between(bench, () => bench.other.execute(`UPDATE images SET status = 'killed' WHERE id = ?`, [VICTIM])),
    });
    await expectEachWrittenOnce(bench, result);
    const [entry] = await bench.writer.query('SELECT * FROM retype_images WHERE image_id = ?', [VICTIM]);
    expect(entry).toMatchObject({ status: 'not-applicable', glance_status: 'killed', image_type: null });
  });

  it('a row that is deleted meanwhile is left alone', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    const truth = engine === 'postgres' ? 'true' : '1';
    await runMigrate(bench, {
      ...between(bench, () => bench.other.execute(`UPDATE images SET deleted = ${truth} WHERE id = ?`, [VICTIM])),
    });
    expect(await bench.writer.query('SELECT * FROM retype_images WHERE image_id = ?', [VICTIM])).toEqual([]);
    const [image] = await bench.writer.query('SELECT image_type FROM images WHERE id = ?', [VICTIM]);
    expect(image?.['image_type']).toBeNull();
  });

  it('a row that is purged after a second run has read it holds up no other row', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    await runMigrate(bench);
    let state: 'there' | 'purged' = 'there';
    const reader = changedDatabase(bench.reader, {
      query: async (sql, bindings, limits) => {
        // The first page has been read by now.
        if (state === 'there' && String(sql).startsWith('SELECT r.image_id')) {
          state = 'purged';
          await bench.writer.execute('DELETE FROM images WHERE id = ?', [VICTIM]);
        }
        return bench.reader.query(sql, bindings, limits);
      },
    });
    const again = await benchOf(bench.writer, reader);
    const result = await runMigrate(again, { decide: otherRules, pageSize: 1000 }, terms('1'.repeat(64)));
    expect([state, result.end]).toEqual(['purged', 'complete']);
    expect((await runVerify(bench, otherRules)).sample).toEqual([]);
  });

  it('an image that an earlier run decided, and that comes back after its page was read, is decided anew', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    await runMigrate(bench);
    const [no, yes] = engine === 'postgres' ? ['false', 'true'] : ['0', '1'];
    await bench.writer.execute(`UPDATE images SET deleted = ${yes} WHERE id = ?`, [VICTIM]);
    // No journal row yet, so that the server looks its decision up.
    await copyVictim(bench.other, VICTIM.replace('f', 'e'));
    const restored = between(bench, () =>
      bench.other.execute(`UPDATE images SET deleted = ${no} WHERE id = ?`, [VICTIM]),
    );
    const decide: Decide = (evidence) => {
      restored.decide(evidence);
      return otherRules(evidence);
    };
    const result = await runMigrate(bench, { decide, writer: restored.writer, pageSize: 1000 }, terms('1'.repeat(64)));
    expect(result.end).toBe('complete');
    const [entry] = await bench.writer.query('SELECT run_id, rule FROM retype_images WHERE image_id = ?', [VICTIM]);
    expect(entry).toMatchObject({ rule: 'OTHER' });
    expect((await runVerify(bench, otherRules)).sample).toEqual([]);
  });

  it('an image that is made behind the cursor is found by a tail pass', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    const early = '00000000-0000-4000-8000-000000000001';
    let done = 0;
    const result = await runMigrate(bench, {
      pageSize: 3,
      onEvent: () => {
        done += 1;
      },
      ...between(bench, () => copyVictim(bench.other, early)),
    });
    expect(done).toBeGreaterThan(0);
    expect(result.passes).toBeGreaterThan(1);
    const [entry] = await bench.writer.query('SELECT status FROM retype_images WHERE image_id = ?', [early]);
    expect(entry?.['status']).toBe('inferred');
    expect((await runVerify(bench)).sample).toEqual([]);
  });

  it('values that somebody else put into a result column are listed, and neither migrate nor rollback overwrites them', async () => {
    const bench = await disturbedBench(engine);
    await runExpand(bench, COLUMNS);
    await bench.writer.execute(`UPDATE images SET image_type = 'mine' WHERE id = ?`, [VICTIM]);
    const result = await runMigrate(bench);
    expect(result.foreign).toEqual([VICTIM]);
    const [image] = await bench.writer.query('SELECT image_type FROM images WHERE id = ?', [VICTIM]);
    expect(image?.['image_type']).toBe('mine');
    // The journal has no row for it, and the column would take the value with it.
    const kept = await runRollback(bench, { kind: 'everything' });
    expect(kept.conflicts).toEqual([VICTIM]);
    expect(await columnNames(bench.writer, 'images')).toContain('image_type');

    await bench.writer.execute(`UPDATE images SET image_type = NULL WHERE id = ?`, [VICTIM]);
    await runMigrate(bench);
    await bench.writer.execute(`UPDATE images SET image_type = 'theirs' WHERE id = ?`, [VICTIM]);
    const verified = await runVerify(bench);
    expect(verified.sample.map(({ kind, imageId }) => [kind, imageId])).toEqual([['column-changed', VICTIM]]);
    const undone = await runRollback(bench, { kind: 'everything' });
    expect(undone.conflicts).toEqual([VICTIM]);
    const [after] = await bench.writer.query('SELECT image_type FROM images WHERE id = ?', [VICTIM]);
    expect(after?.['image_type']).toBe('theirs');

    await bench.writer.execute(
      'UPDATE images SET image_type = NULL, container_type = NULL, envelope = NULL WHERE id = ?',
      [VICTIM],
    );
    expect((await runRollback(bench, { kind: 'everything' })).conflictCount).toBe(0);
    expect(await columnNames(bench.writer, 'images')).not.toContain('image_type');
  });
});

async function runMigrateExpanded(bench: Bench, disturbance: () => Promise<unknown>): Promise<MigrateResult> {
  await runExpand(bench, COLUMNS);
  return runMigrate(bench, { ...between(bench, disturbance) });
}

/** A stale row that was written and then repaired by a later pass would have been written twice. */
async function expectEachWrittenOnce(bench: Bench, result: MigrateResult): Promise<void> {
  const [rows] = await bench.writer.query('SELECT COUNT(*) AS n FROM retype_images');
  expect(result.totals.rowsWritten).toBe(Number(rows?.['n']));
}

/**
 * Lets something happen in the database at the worst moment: after the victim was decided on, before the transaction that writes
 * it begins.
 */
function between(
  bench: Bench,
  disturbance: () => Promise<unknown>,
): { readonly decide: Decide; readonly writer: Database } {
  let state: 'waiting' | 'decided' | 'done' = 'waiting';
  return {
    decide: (evidence) => {
      if (state === 'waiting' && evidence.image.id === VICTIM) {
        state = 'decided';
      }
      return shipped.decide(evidence);
    },
    writer: changedDatabase(bench.writer, {
      transaction: async (work) => {
        if (state === 'decided') {
          state = 'done';
          await disturbance();
        }
        return bench.writer.transaction(work);
      },
    }),
  };
}

/** `other`: the connection of somebody else. */
async function disturbedBench(engine: EngineName): Promise<Bench & { readonly other: Database }> {
  const fresh = await withFreshDatabase(engine);
  const other = await openForTest(fresh.url);
  await createEra(other, eraNamed('newest'));
  await copyVictim(other, VICTIM);
  return { ...(await openBench(fresh.url)), other };
}

async function copyVictim(database: Database, id: string): Promise<void> {
  const no = database.dialect.name === 'postgres' ? 'false' : '0';
  await database.execute(
    `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
     VALUES (?, 'victim', 1000, 'active', '2020-01-01 00:00:00', ${no}, 'qcow2', 'bare', 0, 0, ${no}, 'shared', ${no})`,
    [id],
  );
}
