import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

import { commitsAfter } from '../servers/commits-after.ts';
import { type CrashPoint, runToPoint } from './crash-points.ts';
import { type DisturbedCloud, expectSoundEnd } from '../cloud/disturbed-cloud.ts';
import { type AtTestEnd, openForTest } from '../servers/engines.ts';
import { type CliResult, runCli } from '../program/run-cli.ts';
import { openDatabaseProxy } from '../servers/tcp-proxy.ts';

/** A cloud, and the address at which another runner takes over: the same, or that of another node of a cluster. */
interface FrozenPlace {
  readonly cloud: DisturbedCloud;
  readonly successor: string;
  readonly atEnd: AtTestEnd;
}

/** A lease runs out, servers give up, deadlines pass: each takes up to half a minute or two, on a free machine. */
export const FROZEN_PATIENCE_MS = 900_000;

/** No other transaction writes it. */
const BATCH_MARK = /INSERT INTO .retype_batches/iu;

const BATCH = 20;
const NTH = 3;
const MIGRATE = ['migrate', '--yes', '--lanes', '1', '--batch-size', String(BATCH)];

/** All rows of the batch are written to, and nothing is committed. */
const INSIDE_A_BATCH: CrashPoint = { name: 'UPDATE images', occurrence: NTH, moment: 'after', signal: 'SIGSTOP' };

/** A process stands still in the middle of a batch: a paused machine, a debugger, a full terminal. */
async function frozenProcess({ cloud, successor, atEnd }: FrozenPlace): Promise<void> {
  const { url, database } = cloud;
  const frozen = runToPoint([...MIGRATE, '--database-url', url], INSIDE_A_BATCH);
  atEnd(() => frozen.signal('SIGKILL'));
  await frozen.stopped();
  await expectGlanceToGetThrough(cloud, atEnd);

  expectDone(await migrateOnceLeaseIsFree(successor));
  expectDone(await runCli(['verify', '--database-url', successor]));
  const before = await everything(cloud);

  frozen.signal('SIGCONT');
  const late = await frozen.ended;
  expect(late.stderr).toMatch(/LEASE_LOST|DATABASE_UNREACHABLE/u);
  expect(late.stderr).not.toContain('INTERNAL');
  expect([6, 8]).toContain(late.code);
  expect(await everything(cloud)).toEqual(before);
  expect(await database.query("SELECT state FROM retype_runs WHERE state <> 'complete'")).toEqual([]);
  await expectSoundEnd(cloud, 'after a frozen process');
}

/** The way to the server is lost for good in the middle of a batch, and nobody is told. */
async function lostWay({ cloud, successor, atEnd }: FrozenPlace): Promise<void> {
  const proxy = await openDatabaseProxy(
    cloud.url,
    commitsAfter(BATCH_MARK, (nth) => {
      if (nth < NTH) return;
      for (const direction of ['to-server', 'to-client'] as const) proxy.treat(direction, 'swallow');
      lost();
    }),
  );
  atEnd(() => proxy.close());
  let lost: () => void = () => {};
  const isLost = new Promise<void>((resolve) => {
    lost = resolve;
  });
  const cutOff = runCli([...MIGRATE, '--database-url', proxy.url]);
  await Promise.race([isLost, cutOff]);
  await expectGlanceToGetThrough(cloud, atEnd);

  const result = await cutOff;
  expect(result.stderr).toMatch(/DATABASE_UNREACHABLE|OUTCOME_UNKNOWN/u);
  expect([result.code, result.signal]).toEqual([8, null]);
  expectDone(await migrateOnceLeaseIsFree(successor));
  await expectSoundEnd(cloud, 'after the way to the server was lost');
}

/** One connection loses its way in the middle of a batch, others do not: a router that forgot a flow. */
async function lostConnection({ cloud, atEnd }: FrozenPlace): Promise<void> {
  let lost = 0;
  const proxy = await openDatabaseProxy(
    cloud.url,
    commitsAfter(BATCH_MARK, (nth, connection) => {
      if (nth !== NTH) return;
      lost += 1;
      for (const direction of ['to-server', 'to-client'] as const) connection.treat(direction, 'swallow');
    }),
  );
  atEnd(() => proxy.close());
  const result = await runCli([...MIGRATE, '--database-url', proxy.url]);
  expect(lost).toBe(1);
  expectDone(result);
  await expectSoundEnd(cloud, 'after a connection lost its way');
}

/** What may become of a runner in the middle of a batch, and what must hold then. */
export const LOST_RUNNERS = [
  ['that stands still lets Glance write, lets another one finish, and changes nothing when it goes on', frozenProcess],
  ['that has lost its way to the server lets Glance write and ends by itself, and another one finishes', lostWay],
  ['whose connection has lost its way goes on over another one', lostConnection],
] as const;

/** Glance writes to the rows of the open batch: it is held up at first, and gets through while nobody has ended anything. */
async function expectGlanceToGetThrough({ url, database }: DisturbedCloud, atEnd: AtTestEnd): Promise<void> {
  const [batch] = await database.query('SELECT until_key FROM retype_batches ORDER BY batch DESC LIMIT 1');
  const rows = await database.query(`SELECT id FROM images WHERE id > ? ORDER BY id LIMIT ${BATCH}`, [
    String(batch?.['until_key']),
  ]);
  const ids = rows.map((row) => String(row['id']));
  const glance = await openForTest(url, 'read-write', atEnd);
  const write = async (): Promise<'through' | 'held-up'> => {
    try {
      const marks = ids.map(() => '?').join(', ');
      await glance.transaction(async (trx) =>
        trx.execute(`UPDATE images SET min_disk = min_disk WHERE id IN (${marks})`, ids),
      );
      return 'through';
    } catch (error) {
      expect(glance.dialect.classify(error)).toBe('conflict');
      return 'held-up';
    }
  };
  expect(await write()).toBe('held-up');
  while ((await write()) === 'held-up') await sleep(200);
}

/** Takes over as soon as that is allowed: a holder that may be alive is not pushed aside. */
async function migrateOnceLeaseIsFree(url: string): Promise<CliResult> {
  for (;;) {
    const result = await runCli([...MIGRATE, '--database-url', url]);
    if (result.code !== 6) return result;
    expect(result.stderr).toContain('LEASE_HELD');
    await sleep(1_000);
  }
}

/** Whatever a late writer could have changed. */
async function everything({ database }: DisturbedCloud): Promise<unknown> {
  return {
    images: await database.query('SELECT * FROM images ORDER BY id'),
    journal: await database.query('SELECT * FROM retype_journal ORDER BY image_id'),
    undo: await database.query('SELECT * FROM retype_undo ORDER BY image_id'),
    batches: await database.query('SELECT * FROM retype_batches ORDER BY run_id, batch'),
    runs: await database.query('SELECT * FROM retype_runs ORDER BY id'),
  };
}

function expectDone({ code, stdout, stderr }: CliResult): void {
  expect(code, stdout + stderr).toBe(0);
}
