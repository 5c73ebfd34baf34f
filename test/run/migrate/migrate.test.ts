import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import { sumCounts } from '../../../src/journal/batches.ts';
import { type LeaseScope, WHOLE } from '../../../src/journal/lease.ts';
import {
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
  stopAfterOneBatch,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';

describe.each(ENGINES)('a run that is stopped on %s', (engine) => {
  it('goes on from its checkpoint and ends as an undisturbed one does, for every place it can stop at', async () => {
    const undisturbed = await migratedBench(engine);
    await runMigrate(undisturbed);
    const expected = await endState(undisturbed);

    const disturbed = await migratedBench(engine);
    let stops = 0;
    for (;;) {
      // Every invocation may write one batch and is then asked to stop.
      const result = await runMigrate(disturbed, stopAfterOneBatch());
      if (result.end === 'complete') {
        break;
      }
      stops += 1;
      expect(result.resumed).toBe(stops > 1);
    }
    expect(stops).toBeGreaterThan(3);
    expect(await endState(disturbed)).toEqual(expected);
  });

  it.each([1, 2, 3, 1000])('gives the same result with %i rows a batch', async (pageSize) => {
    const other = await migratedBench(engine);
    await runMigrate(other, { pageSize });
    const reference = await migratedBench(engine);
    await runMigrate(reference, { pageSize: 7 });
    expect(await endState(other)).toEqual(await endState(reference));
  });

  it.each<readonly LeaseScope[]>([
    [WHOLE],
    [
      { kind: 'shard', shard: 1, of: 2 },
      { kind: 'shard', shard: 2, of: 2 },
    ],
  ])('decides again what was settled before it stopped, and counts it once (%j %j)', async (...scopes) => {
    const undisturbed = await migratedBench(engine);
    const whole = await runMigrate(undisturbed);
    const bench = await migratedBench(engine);
    for (const scope of scopes) {
      let asked = 0;
      // Somewhere in the last third of its part, so that most is settled.
      const end = await runMigrate(bench, { scope, pageSize: 3, stop: { requested: () => (asked += 1) > 12 } });
      expect(end.end).toBe('stopped');
    }
    const changed = await changeEvidence(bench);
    for (const scope of scopes) {
      const resumed = await runMigrate(bench, { scope, pageSize: 3 });
      expect([resumed.resumed, resumed.end]).toEqual([true, 'complete']);
    }
    const verified = await runVerify(bench);
    expect([verified.sample, verified.refreshable]).toEqual([[], 0]);
    expect(await statusesOf(bench, changed.ids)).not.toEqual(changed.before);
    const { rowsRead } = await sumCounts(bench.writer, 1);
    expect(rowsRead).toBe(whole.totals.rowsRead);
  });

  it('finds nothing to do when it is run again', async () => {
    const bench = await migratedBench(engine);
    await runMigrate(bench);
    const before = await endState(bench);
    const again = await runMigrate(bench);
    expect(again.written).toBe(0);
    expect(again.resumed).toBe(false);
    expect(await endState(bench)).toEqual(before);
  });

  it.runIf(engine === 'sqlite')(
    'reads everything again, and counts it once, where rows were numbered anew meanwhile',
    async () => {
      const undisturbed = await migratedBench(engine);
      const whole = await runMigrate(undisturbed);
      const disturbed = await migratedBench(engine);
      let batches = 0;
      await runMigrate(disturbed, { stop: { requested: () => (batches += 1) > 5 } });
      const [first] = await disturbed.writer.query('SELECT id FROM images ORDER BY rowid');
      for (const table of ['image_properties', 'image_members', 'image_tags', 'image_locations']) {
        await disturbed.writer.execute(`DELETE FROM ${table} WHERE image_id = ?`, [String(first?.['id'])]);
      }
      // Behind a gap at the beginning all numbers go down, and the rows at the old place would never be looked at.
      await disturbed.writer.execute('DELETE FROM images WHERE id = ?', [String(first?.['id'])]);
      await disturbed.writer.execute('VACUUM');
      const resumed = await runMigrate(disturbed);
      expect([resumed.resumed, resumed.end]).toEqual([true, 'complete']);
      expect(resumed.totals.rowsRead).toBe(whole.totals.rowsRead - 1);
      expect((await runVerify(disturbed)).sample).toEqual([]);
    },
  );

  it('refuses to go on with other rules, and starts over when told to', async () => {
    const bench = await migratedBench(engine);
    await runMigrate(bench, { stop: { requested: () => true } });
    await expect(runMigrate(bench, {}, terms('0'.repeat(64)))).rejects.toMatchObject({ code: 'RUN_MISMATCH' });
    await expect(runMigrate(bench, {}, { ...terms(), toolVersion: 'other' })).rejects.toMatchObject({
      code: 'RUN_MISMATCH',
    });
    const fresh = await runMigrate(bench, {}, terms('0'.repeat(64), 'close'));
    expect(fresh.run.id).toBe(2);
    expect((await runVerify(bench)).sample).toEqual([]);
  });
});

async function migratedBench(engine: EngineName): Promise<Bench> {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed('newest'));
  const bench = await openBench(fresh.url);
  await runExpand(bench, COLUMNS);
  return bench;
}

/** Changes what decided images were decided by, and nothing of their rows: a property of one, and the kernel of another. */
async function changeEvidence({ writer }: Bench) {
  const [no, yes] = writer.dialect.name === 'postgres' ? ['false', 'true'] : ['0', '1'];
  const [raw] = await writer.query(
    `SELECT image_id FROM retype_images WHERE status = 'ambiguous' AND legacy_disk_format = 'raw' AND legacy_container_format = 'bare'`,
  );
  const [naming] = await writer.query(
    `SELECT r.image_id, k.id FROM retype_images r JOIN image_properties p ON p.image_id = r.image_id AND p.name = 'kernel_id'
     JOIN images k ON k.id = p.value WHERE NOT p.deleted AND NOT k.deleted AND k.id <> r.image_id AND r.status = 'inferred'`,
  );
  const ids = [String(raw?.['image_id']), String(naming?.['image_id'])];
  const before = await statusesOf({ writer }, ids);
  await writer.execute(
    `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'img_type', 'whole-disk', '2020-01-01 00:00:00', ${no})`,
    [ids[0] ?? ''],
  );
  await writer.execute(`UPDATE images SET deleted = ${yes} WHERE id = ?`, [String(naming?.['id'])]);
  return { ids, before };
}

async function statusesOf({ writer }: Pick<Bench, 'writer'>, ids: readonly string[]): Promise<readonly unknown[]> {
  return writer.query(`SELECT decision_key FROM retype_images WHERE image_id IN (?, ?) ORDER BY image_id`, ids);
}

/** What must not depend on where a run stopped: results and journal, but not the batch numbers. */
async function endState(bench: Bench): Promise<unknown> {
  const images = await bench.writer.query(
    'SELECT id, image_type, container_type, envelope, disk_format, container_format, updated_at FROM images ORDER BY id',
  );
  const journal = await bench.writer.query(
    `SELECT image_id, run_id, status, image_type, container_type, envelope, rule, candidates, evidence, findings,
            legacy_disk_format, legacy_container_format, glance_status
     FROM retype_images r ORDER BY image_id`,
  );
  return { images, journal };
}
