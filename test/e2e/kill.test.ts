import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { Random } from '../../scripts/fixtures/cloud/random.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { type DisturbedCloud, disturbedCloud, expectSoundEnd } from '../support/cloud/disturbed-cloud.ts';
import { startGlanceWriter } from '../support/cloud/glance-writer.ts';
import { type CliResult, runCli } from '../support/program/run-cli.ts';

/** A run of so many batches is still at work when a busy machine gets round to the kill. */
const SMALL_BATCHES = ['--batch-size', '2'];

describe.each(ENGINES)('kill -9 during migrate on %s', (engine) => {
  it('loses nothing: the same command again ends as an undisturbed run does', async () => {
    const undisturbed = await cloud(engine);
    await runCli(['migrate', '--database-url', undisturbed.url, '--yes']);
    const expected = await endState(undisturbed.database);

    const { url, database } = await cloud(engine);
    const at = ['--database-url', url, '--yes', ...SMALL_BATCHES];
    let kills = 0;
    let batches = 0;
    while (kills < 4) {
      const running = runCli(['migrate', ...at], {
        onStderr: (text, kill) => {
          if (text.includes('each batch one transaction')) {
            void killLater(database, batches, () => kill('SIGKILL'));
          }
        },
      });
      const result = await running;
      expect(result.stderr).not.toContain('LEASE_HELD');
      if (result.signal === null) {
        break;
      }
      expect(result.signal).toBe('SIGKILL');
      kills += 1;
      const now = await batchCount(database);
      expect(now).toBeGreaterThan(batches);
      batches = now;
    }
    expect(kills).toBeGreaterThan(1);
    expect((await runCli(['migrate', ...at])).code).toBe(0);
    expect((await runCli(['verify', '--database-url', url])).code).toBe(0);
    expect(await endState(database)).toEqual(expected);
  });
});

/** Another seed each run, unless one is given to repeat it; what the machine does beside it is chance all the same. */
const SEED = Number(process.env['GLANCE_RETYPE_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe.each(ENGINES)('kill -9 at random moments beside a busy Glance on %s', (engine) => {
  it('loses nothing of a run in several lanes', async () => {
    const where = `GLANCE_RETYPE_KILL_SEED=${SEED}`;
    const random = new Random(SEED);
    const cloud = await disturbedCloud(engine, 1_200);
    const glance = startGlanceWriter(await openForTest(cloud.url), new Random(SEED + 1), cloud.ids);
    const lanes = ['--lanes', '4', ...SMALL_BATCHES];
    const kills = await killedUntilComplete(cloud, lanes, { random, kills: 5, where });
    await glance.stop();
    expect(kills, where).toBeGreaterThan(1);
    expect(glance.changes()).toBeGreaterThan(10);
    await expectSoundEnd(cloud, where);
  });

  it('leaves no decision stale that Glance changed the ground of before the last run', async () => {
    const where = `GLANCE_RETYPE_KILL_SEED=${SEED}`;
    const cloud = await disturbedCloud(engine, 900);
    const glance = startGlanceWriter(await openForTest(cloud.url), new Random(SEED + 5), cloud.ids);
    const lanes = ['--lanes', '2', ...SMALL_BATCHES];
    const random = new Random(SEED + 4);
    const beforeLast = async (): Promise<void> => glance.stop();
    const kills = await killedUntilComplete(cloud, lanes, { random, kills: 4, where, beforeLast });
    expect([where, kills]).toEqual([where, 4]);
    const verified = await runCli(['verify', '--database-url', cloud.url]);
    expect([where, verified.code, verified.stdout]).toEqual([where, 0, expect.anything()]);
    const [runs] = await cloud.database.query('SELECT COUNT(*) AS n FROM retype_runs');
    expect([where, Number(runs?.['n'])]).toEqual([where, 1]);
    await expectSoundEnd(cloud, where);
  });

  it('loses nothing of shards at work at the same time, one of which is killed', async () => {
    const where = `GLANCE_RETYPE_KILL_SEED=${SEED}`;
    const random = new Random(SEED + 2);
    const cloud = await disturbedCloud(engine, 1_200);
    const glance = startGlanceWriter(await openForTest(cloud.url), new Random(SEED + 3), cloud.ids);
    const victim = random.between(1, 3);
    const kills = await Promise.all(
      [1, 2, 3].map((shard) =>
        killedUntilComplete(
          cloud,
          ['--shard', `${shard}/3`, '--lanes', '2', '--batch-size', shard === victim ? '1' : '5'],
          {
            random,
            kills: shard === victim ? 3 : 0,
            where: `${where}, shard ${shard}`,
          },
        ),
      ),
    );
    await glance.stop();
    expect(kills[victim - 1], where).toBeGreaterThan(0);
    expect(glance.changes()).toBeGreaterThan(10);
    // One that is killed after the last word of its run begins another one.
    const [run] = await cloud.database.query('SELECT state FROM retype_runs WHERE id = 1');
    expect([where, run?.['state']]).toEqual([where, 'complete']);
    await expectSoundEnd(cloud, where);
  });
});

interface Killing {
  readonly random: Random;
  /** So often at most; afterwards nobody disturbs it. */
  readonly kills: number;
  /** Said with everything that does not hold. */
  readonly where: string;
  /** Done before the first one that nobody disturbs. */
  readonly beforeLast?: () => Promise<void>;
}

/** Starts migrate again and again, and kills it after a random number of batches and a random pause. @returns how often it was killed. */
async function killedUntilComplete(
  { url, database }: DisturbedCloud,
  options: readonly string[],
  { random, kills, where, beforeLast }: Killing,
): Promise<number> {
  for (let killed = 0; ; killed += 1) {
    if (killed === kills) await beforeLast?.();
    const before = await batchCount(database);
    let aimed = killed >= kills;
    const result: CliResult = await runCli(['migrate', '--database-url', url, '--yes', ...options], {
      onStderr: (text, kill) => {
        if (aimed || !text.includes('each batch one transaction')) return;
        aimed = true;
        const pause = random.below(30);
        void killLater(database, before + random.below(12), () => setTimeout(() => kill('SIGKILL'), pause));
      },
    });
    expect([where, killed, result.stderr]).toEqual([where, killed, expect.not.stringMatching(/LEASE_HELD|INTERNAL/u)]);
    if (result.signal === null) {
      expect([where, killed, result.code, result.stderr]).toEqual([where, killed, 0, expect.anything()]);
      return killed;
    }
    expect([where, result.signal]).toEqual([where, 'SIGKILL']);
  }
}

/** Kills as soon as at least one batch more than before is committed: in the middle of work, wherever that is. */
async function killLater(database: Database, before: number, kill: () => void): Promise<void> {
  while ((await batchCount(database)) <= before) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  kill();
}

async function batchCount(database: Database): Promise<number> {
  const [row] = await database.query('SELECT COUNT(*) AS n FROM retype_batches');
  return Number(row?.['n']);
}

async function cloud(engine: EngineName) {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, { images: 1500, seed: 5 });
  expect((await runCli(['expand', '--database-url', url, '--yes'])).code).toBe(0);
  return { url, database };
}

async function endState(database: Database): Promise<unknown> {
  return {
    images: await database.query('SELECT id, image_type, container_type, envelope, updated_at FROM images ORDER BY id'),
    journal: await database.query(
      'SELECT image_id, run_id, status, image_type, container_type, envelope, rule, decision_key, glance_status FROM retype_images ORDER BY image_id',
    ),
  };
}
