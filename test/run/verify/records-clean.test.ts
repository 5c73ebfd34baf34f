import { describe, expect, it } from 'vitest';

import { Random } from '../../../scripts/fixtures/cloud/random.ts';
import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { WHOLE } from '../../../src/journal/lease.ts';
import type { Target } from '../../../src/journal/meta.ts';
import type { RunRequest } from '../../../src/run/migrate/share.ts';
import { requireExpanded } from '../../../src/run/preflight.ts';
import { rollback, type RollbackScope } from '../../../src/run/rollback.ts';
import { Differences, isOfRecords } from '../../../src/run/verify/differences.ts';
import { verifyRecords } from '../../../src/run/verify/records.ts';
import type { VerifyResult } from '../../../src/run/verify/verify.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import {
  COLUMNS,
  holdLease,
  openBench,
  runExpand,
  runMigrate,
  runRollback,
  runVerify,
  shipped,
  TABLE,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';
import { otherRules } from '../../support/cloud/other-rules.ts';

/** Histories for each engine and target, and steps of each. */
const HISTORIES = 4;
const STEPS = 14;

describe.each(ENGINES)("the tool's own tables on %s", (engine) => {
  it.each([COLUMNS, TABLE])('are clean after whatever an operator and Glance did ($kind)', async (target) => {
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const random = new Random(seed);
      const bench = await expanded(engine, target);
      const done: string[] = [];
      for (let step = 0; step < STEPS; step += 1) {
        const name = oneOf(random, Object.keys(STEPS_OF));
        done.push(name);
        await STEPS_OF[name]?.(bench, random);
        const differences = new Differences();
        const place = { reader: bench.reader, meta: await requireExpanded(bench.writer), nodes: [] };
        const { atWork } = await verifyRecords(place, differences);
        expect([seed, done, differences.sample, atWork]).toEqual([seed, done, [], null]);
      }
      await runMigrate(bench, {}, terms(shipped.rulesDigest, 'close'));
      expect([seed, done, (await runVerify(bench)).sample]).toEqual([seed, done, []]);
    }
  });

  it('are not reckoned up while somebody is at work, who is named, and are once he is gone', async () => {
    const bench = await expanded(engine, COLUMNS);
    await runMigrate(bench);
    const [row] = await bench.writer.query('SELECT image_id FROM retype_journal');
    // What a run has half done looks like this to whoever reads one table before and one after its COMMIT.
    const lease = await holdLease(bench.writer, WHOLE, '00000000-0000-4000-8000-000000004711');
    await bench.writer.execute('UPDATE retype_journal SET batch = batch + 1000 WHERE image_id = ?', [
      String(row?.['image_id']),
    ]);
    const during = await runVerify(bench);
    expect([recordKinds(during), during.atWork]).toEqual([
      [],
      expect.objectContaining({ process: '00000000-0000-4000-8000-000000004711' }),
    ]);
    await lease.release();
    const after = await runVerify(bench);
    expect([recordKinds(after), after.atWork]).toEqual([['journal-missing', 'journal-surplus'], null]);
  });

  it('give no alarm while migrate is at work beside', async () => {
    const bench = await expanded(engine, COLUMNS);
    let looked = 0;
    const checks: Promise<readonly string[]>[] = [];
    await runMigrate(bench, {
      pageSize: 3,
      onEvent: (event) => {
        if (event.kind !== 'progress' || (looked += 1) % 5 !== 0) return;
        checks.push(alarms(bench));
      },
    });
    expect(checks.length).toBeGreaterThan(2);
    expect((await Promise.all(checks)).flat()).toEqual([]);
    expect((await runVerify(bench)).sample).toEqual([]);
  });
});

/** Kinds that are about the tool's own tables or somebody else's values; what is not migrated yet is none. */
async function alarms(bench: Bench): Promise<readonly string[]> {
  const found = await runVerify(bench);
  return [
    ...recordKinds(found),
    ...['column-changed', 'column-foreign'].filter((kind) => found.sample.some((one) => one.kind === kind)),
  ];
}

function recordKinds({ sample }: VerifyResult): readonly string[] {
  return [...new Set(sample.map(({ kind }) => kind))].filter(isOfRecords).sort();
}

type Step = (bench: Bench, random: Random) => Promise<unknown>;

/** What happens to a database in the course of its life; every one may come behind every other one. */
const STEPS_OF: Readonly<Record<string, Step>> = {
  migrate: async (bench, random) =>
    runMigrate(
      bench,
      { pageSize: random.between(1, 40), lanes: random.between(1, 3) },
      await termsOf(bench, shipped.rulesDigest),
    ),
  'other rules': async (bench, random) =>
    runMigrate(bench, { decide: otherRules, pageSize: random.between(1, 40) }, await termsOf(bench, '1'.repeat(64))),
  'a migrate that is stopped': async (bench, random) => {
    let batches = random.between(1, 9);
    const stop = { requested: () => (batches -= 1) <= 0 };
    return runMigrate(bench, { stop, pageSize: random.between(1, 9) }, await termsOf(bench, shipped.rulesDigest));
  },
  'one shard of a run': async (bench, random) => {
    const of = random.between(2, 4);
    return runMigrate(
      bench,
      { scope: { kind: 'shard', shard: random.between(1, of), of }, pageSize: random.between(1, 9) },
      await termsOf(bench, shipped.rulesDigest),
    );
  },
  'a migrate that is stopped, and another one behind a change': async (bench, random) => {
    let batches = 6;
    const stop = { requested: () => (batches -= 1) <= 0 };
    await runMigrate(bench, { stop, decide: otherRules, pageSize: 40 }, await termsOf(bench, '1'.repeat(64)));
    const [row] = await bench.writer.query(
      'SELECT r.image_id FROM retype_journal r JOIN images i ON i.id = r.image_id WHERE NOT i.deleted ORDER BY r.run_id DESC LIMIT 1',
    );
    const format = oneOf(random, ['vhd', 'iso', 'vdi']);
    await bench.writer.execute('UPDATE images SET disk_format = ? WHERE id = ?', [format, String(row?.['image_id'])]);
    return runMigrate(bench, { decide: otherRules }, await termsOf(bench, '1'.repeat(64)));
  },
  'rollback of an image': async (bench, random) => {
    const imageId = await someId(bench, random, 'SELECT image_id AS id FROM retype_journal');
    return imageId === null ? null : runRollback(bench, { kind: 'image', imageId });
  },
  'rollback of an owner': async (bench, random) => {
    const owner = await someId(bench, random, 'SELECT DISTINCT owner AS id FROM images WHERE owner IS NOT NULL');
    return owner === null ? null : runRollback(bench, { kind: 'owner', owner });
  },
  'rollback of the last run': async (bench, random) =>
    undoLastRun(bench, random.between(1, 2) === 1 ? 'stop' : 'finish'),
  'another format': async (bench, random) =>
    onSomeImage(bench, random, `UPDATE images SET disk_format = '${oneOf(random, ['vhd', 'iso', 'qcow2', 'raw'])}'`),
  'a deletion': async (bench, random) => onSomeImage(bench, random, 'UPDATE images SET deleted = (1 = 1)'),
  'a restoration': async (bench, random) => onSomeImage(bench, random, 'UPDATE images SET deleted = (1 = 0)'),
  'a purge': async (bench, random) => {
    const id = await someId(bench, random, 'SELECT id FROM images WHERE deleted');
    for (const table of ['image_properties', 'image_members', 'image_tags', 'image_locations'])
      await bench.writer.execute(`DELETE FROM ${table} WHERE image_id = ?`, [id]);
    await bench.writer.execute('DELETE FROM images WHERE id = ?', [id]);
  },
};

/** Goes on with an unfinished run of the same rules; closes one of others. */
async function termsOf({ writer }: Bench, digest: string): Promise<RunRequest> {
  const [active] = await writer.query("SELECT rules_digest FROM retype_runs WHERE state = 'active'");
  return terms(digest, active?.['rules_digest'] === digest ? 'resume' : 'close');
}

async function undoLastRun(bench: Bench, how: 'stop' | 'finish'): Promise<void> {
  const [last] = await bench.writer.query("SELECT MAX(id) AS id FROM retype_runs WHERE state <> 'rolled-back'");
  if (last?.['id'] === null || last === undefined) return;
  const scope: RollbackScope = { kind: 'from-run', runId: Number(last['id']) };
  const lease = await holdLease(bench.writer);
  const stop = { requested: () => how === 'stop' };
  await rollback(bench.context({ stop }), lease, await requireExpanded(bench.writer), scope);
  await lease.release();
}

async function someId({ writer }: Bench, random: Random, select: string): Promise<string | null> {
  const rows = await writer.query(`${select} ORDER BY 1`);
  return rows.length === 0 ? null : String(oneOf(random, rows)['id']);
}

function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

async function onSomeImage(bench: Bench, random: Random, update: string): Promise<void> {
  const id = await someId(bench, random, 'SELECT id FROM images');
  await bench.writer.execute(`${update} WHERE id = ?`, [id]);
}

async function expanded(engine: EngineName, target: Target): Promise<Bench> {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('newest'));
  const bench = await openBench(url);
  await runExpand(bench, target);
  return bench;
}
