import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/engines.ts';
import { COLUMNS, openBench, runExpand, runMigrate, runVerify, terms, type Bench } from '../support/migration.ts';

describe.each(ENGINES)('a run that is stopped on %s', (engine) => {
  it('goes on from its checkpoint and ends as an undisturbed one does, for every place it can stop at', async () => {
    const undisturbed = await migratedBench(engine);
    await runMigrate(undisturbed);
    const expected = await endState(undisturbed);

    const disturbed = await migratedBench(engine);
    let stops = 0;
    for (;;) {
      // Every invocation may write one batch and is then asked to stop.
      const result = await runMigrate(disturbed, { stop: { requested: () => true } });
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
