import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import type { Target } from '../../../src/journal/meta.ts';
import type { GateReason } from '../../../src/model/gate.ts';
import { WHOLE } from '../../../src/journal/lease.ts';
import type { RunRequest } from '../../../src/run/migrate/share.ts';
import type { RunInputs } from '../../../src/run/context/run-inputs.ts';
import { inspectGate } from '../../../src/run/gate/gate.ts';
import { databaseReasons, type GateDecisions } from '../../../src/run/gate/reasons.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import {
  COLUMNS,
  holdLease,
  openBench,
  runExpand,
  runMigrate,
  runRollback,
  shipped,
  TABLE,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';

const GROUNDS: RunInputs = { rulesDigest: shipped.rulesDigest, probe: 'off', answersDigest: null };
const NOTHING_UNDECIDED: GateDecisions = { undecided: 0, questions: [], findings: [] };

/** What speaks against the cutover in the database, undecided images and findings aside. */
async function reasons(bench: Bench, grounds = GROUNDS): Promise<readonly GateReason[]> {
  let rows = 0;
  const facts = await inspectGate(bench.context(), grounds, () => {
    rows += 1;
  });
  if (facts === null) throw new Error('nobody asked for a stop');
  const [count] = await bench.reader.query('SELECT COUNT(*) AS n FROM images');
  // Verified or not, every row goes by once.
  expect(rows).toBe(Number(count?.['n']));
  return databaseReasons(facts, NOTHING_UNDECIDED);
}

const codes = (found: readonly GateReason[]): readonly string[] => found.map(({ code }) => code);

async function glance(engine: EngineName, target: Target | null): Promise<Bench> {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('newest'));
  const bench = await openBench(url);
  if (target !== null) await runExpand(bench, target);
  return bench;
}

/** Ids of live images that have a result in the journal. */
async function decidedIds({ reader }: Bench, count: number): Promise<readonly string[]> {
  const rows = await reader.query(
    `SELECT i.id FROM images i JOIN retype_images r ON r.image_id = i.id
     WHERE NOT i.deleted AND r.image_type IS NOT NULL AND i.disk_format = 'qcow2' ORDER BY i.id LIMIT ${count}`,
  );
  expect(rows).toHaveLength(count);
  return rows.map((row) => String(row['id']));
}

describe.each(ENGINES)('the gate on %s', (engine) => {
  it('opens step by step', async () => {
    const bench = await glance(engine, null);
    expect(codes(await reasons(bench))).toEqual(['NOT_EXPANDED']);
    await runExpand(bench, COLUMNS);
    expect(codes(await reasons(bench))).toEqual(['RUN_UNFINISHED']);
    let asked = 0;
    const stop = { requested: () => (asked += 1) > 2 };
    expect((await runMigrate(bench, { stop })).end).toBe('stopped');
    expect(await reasons(bench)).toMatchObject([
      { code: 'RUN_UNFINISHED', text: expect.stringContaining('run 1, begun') as string },
    ]);
    await runMigrate(bench);
    expect(await reasons(bench)).toEqual([]);
    await bench.writer.execute("UPDATE retype_meta SET state = 'contracting'");
    expect(await reasons(bench)).toMatchObject([
      { code: 'NOT_EXPANDED', text: expect.stringContaining('contract') as string },
    ]);
  });

  it.each([COLUMNS, TABLE])('tells every kind of drift with its images ($kind)', async (target) => {
    const bench = await glance(engine, target);
    await runMigrate(bench);
    const [changed, forgotten] = await decidedIds(bench, 2);
    await bench.writer.execute("UPDATE images SET disk_format = 'vhd' WHERE id = ?", [changed ?? '']);
    await runRollback(bench, { kind: 'image', imageId: forgotten ?? '' });
    const found = await reasons(bench);
    expect(codes(found)).toEqual(['DRIFT']);
    expect(found[0]?.count).toBe(2);
    expect(found[0]?.details.map(({ text, count, sampleIds }) => [text.split(':')[0], count, sampleIds])).toEqual([
      ['not-migrated', 1, [forgotten]],
      ['legacy-changed', 1, [changed]],
    ]);
    await runMigrate(bench);
    expect(await reasons(bench)).toEqual([]);
  });

  it("tells somebody else's values apart from drift, with and without a journal row", async () => {
    const bench = await glance(engine, COLUMNS);
    await runMigrate(bench);
    const [over, before] = await decidedIds(bench, 2);
    await bench.writer.execute("UPDATE images SET image_type = 'mine' WHERE id = ?", [over ?? '']);
    await runRollback(bench, { kind: 'image', imageId: before ?? '' });
    await bench.writer.execute("UPDATE images SET image_type = 'mine' WHERE id = ?", [before ?? '']);
    const found = await reasons(bench);
    expect(found).toMatchObject([{ code: 'FOREIGN_VALUES', count: 2 }]);
    expect(found[0]?.details.map(({ count, sampleIds }) => [count, sampleIds])).toEqual([
      [1, [over]],
      [1, [before]],
    ]);
  });

  it('tells who holds the lease, and that nobody does', async () => {
    const bench = await glance(engine, COLUMNS);
    await runMigrate(bench);
    const lease = await holdLease(bench.writer, WHOLE, '00000000-0000-4000-8000-000000004711');
    expect(await reasons(bench)).toMatchObject([
      { code: 'LEASE', text: expect.stringContaining('process 00000000-0000-4000-8000-000000004711') as string },
    ]);
    await lease.release();
    expect(await reasons(bench)).toEqual([]);
  });

  it.each<[string, Partial<RunInputs>, Partial<RunRequest>]>([
    ['rules', { rulesDigest: '1'.repeat(64) }, {}],
    ['answers', { answersDigest: '2'.repeat(64) }, {}],
    ['answers', {}, { answersDigest: '2'.repeat(64) }],
    ['content', { probe: 'all' }, {}],
    ['content', {}, { probe: 'undecided' }],
  ])('does not compare what rests on other %s', async (what, given, run) => {
    const bench = await glance(engine, TABLE);
    await runMigrate(bench, {}, { ...terms(), ...run });
    const found = await reasons(bench, { ...GROUNDS, ...given });
    expect(codes(found)).toEqual(['NOT_VERIFIABLE']);
    expect(found[0]?.details.map(({ text }) => text.split(':')[0])).toEqual([what]);
  });

  it('is left half-way when a stop is asked for', async () => {
    const bench = await glance(engine, null);
    const stop = { requested: () => true };
    expect(await inspectGate(bench.context({ stop }), GROUNDS, () => undefined)).toBeNull();
    await runExpand(bench, TABLE);
    await runMigrate(bench);
    expect(await inspectGate(bench.context({ stop }), GROUNDS, () => undefined)).toBeNull();
  });
});
