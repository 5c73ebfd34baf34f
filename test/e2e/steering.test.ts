import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { endState } from '../support/servers/galera-cloud.ts';
import { type CliOptions, type CliResult, runCli } from '../support/program/run-cli.ts';

const IMAGES = 200;
/** Batches of 20 images: the first pass has ten, and nothing else is to be written. */
const TWENTY = ['--batch-size', '20'];

async function expanded(engine: EngineName) {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, { images: IMAGES, seed: 7 });
  const command = async (name: string, options: readonly string[] = [], around: CliOptions = {}): Promise<CliResult> =>
    runCli([name, '--database-url', url, ...options], around);
  expect((await command('expand', ['--yes'])).code).toBe(0);
  const count = async (what: string): Promise<number> =>
    Number((await database.query(`SELECT COUNT(*) AS n FROM ${what}`))[0]?.['n']);
  return {
    url,
    database,
    migrate: async (options: readonly string[], around?: CliOptions) =>
      command('migrate', ['--yes', ...options], around),
    rollback: async (options: readonly string[]) => command('rollback', ['--yes', ...options]),
    verify: async () => command('verify'),
    batches: async () => count('retype_batches'),
    journalled: async () => count('retype_journal'),
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-steering-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe.each(ENGINES)('a window on %s', (engine) => {
  it('of three batches writes three, ends with 3, and the same command goes on until it ends with 0', async () => {
    const { url, migrate, batches, verify } = await expanded(engine);
    const results: CliResult[] = [];
    for (const done of [3, 6, 9]) {
      results.push(await migrate([...TWENTY, '--lanes', '3', '--max-batches', '3']));
      expect(await batches()).toBe(done);
    }
    expect(results.map(({ code }) => code)).toEqual([3, 3, 3]);
    expect(results[1]?.stdout).toMatch(
      /Ended +the window of 3 batches is over; 60\.0 % done; run the same command again\n/u,
    );
    expect(results[1]?.stderr).toContain('the window of 3 batches is over; no further batch begins\n');
    const last = await migrate([...TWENTY, '--lanes', '3', '--max-batches', '3']);
    expect([last.code, last.stdout]).toEqual([0, expect.stringContaining('run 1 complete, resumed')]);
    expect(await batches()).toBe(10);
    expect((await verify()).code).toBe(0);
    const whole = await expanded(engine);
    expect((await whole.migrate([])).code).toBe(0);
    expect(await endState(url)).toEqual(await endState(whole.url));
    // Nothing is left to write: a limit of batches does not end a run that only looks.
    expect((await migrate([...TWENTY, '--max-batches', '1'])).code).toBe(0);
  });

  it('of as many batches as there are ends with 0', async () => {
    const { migrate, batches } = await expanded(engine);
    expect((await migrate([...TWENTY, '--max-batches', '10'])).code).toBe(0);
    expect(await batches()).toBe(10);
  });

  it('counts the batches of each shard by itself', async () => {
    const { migrate, batches, verify } = await expanded(engine);
    const shard = async (part: number): Promise<CliResult> =>
      migrate([...TWENTY, '--shard', `${part}/2`, '--max-batches', '2']);
    const results = await Promise.all([shard(1), shard(2)]);
    expect(results.map(({ code }) => code)).toEqual([3, 3]);
    expect(await batches()).toBe(4);
    expect((await migrate([])).code).toBe(0);
    expect((await verify()).code).toBe(0);
  });

  it('that a pause uses up ends without a batch', async () => {
    const { migrate, batches } = await expanded(engine);
    const file = join(temporaryFolder(), 'pause');
    writeFileSync(file, '');
    const { code, stdout, stderr } = await migrate([...TWENTY, '--max-time', '6', '--pause-file', file]);
    expect([code, await batches()]).toEqual([3, 0]);
    expect(stdout).toMatch(/Ended +the window of 6s is over; 0\.0 % done; run the same command again\n/u);
    expect(stderr).toContain('It ends in order 6s after it began; the same command goes on.\n');
    expect(stderr).toContain(`No batch begins while ${file} exists.\n`);
    expect((await migrate(['--max-time', '1h'])).code).toBe(0);
  });

  it('bounds a rollback as well', async () => {
    const { migrate, rollback, journalled, database } = await expanded(engine);
    expect((await migrate([])).code).toBe(0);
    const before = await journalled();
    const { code, stdout } = await rollback([...TWENTY, '--run', '1', '--max-batches', '2']);
    expect([code, await journalled()]).toEqual([3, before - 40]);
    expect(stdout).toMatch(/Ended +the window of 2 batches is over; \d+\.\d % done; run the same command again\n/u);
    expect(stdout).toMatch(/Continue with +glance-retype rollback .* --run 1 --max-batches 2\n/u);
    expect((await rollback([])).code).toBe(0);
    expect(await database.dialect.describeTable(database, 'retype_meta')).toBeNull();
  });
});

describe.each(ENGINES)('a pause file on %s', (engine) => {
  it('holds batches and nothing else: Glance writes, the lease is alive, and the run goes on once it is gone', async () => {
    const { migrate, batches, database, verify } = await expanded(engine);
    const file = join(temporaryFolder(), 'pause');
    writeFileSync(file, '');
    let paused = (): void => {};
    const pausing = new Promise<void>((resolve) => (paused = resolve));
    const running = migrate([...TWENTY, '--pause-file', file], {
      onStderr: (text) => {
        if (text.includes(`paused: ${file} exists; the run goes on when it is removed\n`)) paused();
      },
    });
    await Promise.race([pausing, running]);
    const beat = async (): Promise<number> =>
      Number((await database.query('SELECT heartbeat_ms AS beat FROM retype_lease'))[0]?.['beat']);
    const first = await beat();
    // The lock of a run that waits would make this one wait as well.
    await database.execute("UPDATE images SET name = 'renamed'");
    for (let beats = 0; (await beat()) === first && beats < 1_000; beats += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await beat()).not.toBe(first);
    expect(await batches()).toBe(0);
    rmSync(file);
    const { code, stderr } = await running;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/paused: [^]*going on after /u)]);
    expect(stderr.match(/paused:/gu)).toHaveLength(1);
    expect((await verify()).code).toBe(0);
  });

  it('ends in order on a signal', async () => {
    const { migrate, batches } = await expanded(engine);
    const file = join(temporaryFolder(), 'pause');
    writeFileSync(file, '');
    let asked = false;
    const { code, stdout } = await migrate([...TWENTY, '--pause-file', file], {
      onStderr: (text, kill) => {
        if (asked || !text.includes('paused:')) return;
        asked = true;
        kill('SIGTERM');
      },
    });
    expect([code, await batches()]).toEqual([3, 0]);
    expect(stdout).toMatch(/Ended +stopped by a signal; 0\.0 % done; run the same command again\n/u);
  });

  it('that comes and goes at random never changes the result', async () => {
    const { url, migrate, verify } = await expanded(engine);
    const file = join(temporaryFolder(), 'pause');
    const over = new AbortController();
    const operator = (async () => {
      while (!over.signal.aborted) {
        if (Math.random() < 0.5) writeFileSync(file, '');
        else rmSync(file, { force: true });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      }
    })();
    let code: number | null = 3;
    while (code === 3) ({ code } = await migrate(['--batch-size', '7', '--max-batches', '11', '--pause-file', file]));
    over.abort();
    await operator;
    expect(code).toBe(0);
    expect((await verify()).code).toBe(0);
    const whole = await expanded(engine);
    expect((await whole.migrate([])).code).toBe(0);
    expect(await endState(url)).toEqual(await endState(whole.url));
  });
});

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('--max-threads-running on %s', (engine) => {
  it('waits while more sessions run a statement, and goes on when they have ended', async () => {
    const { url, migrate, batches } = await expanded(engine);
    const sleeping = await openForTest(url);
    let waiting = (): void => {};
    const waits = new Promise<void>((resolve) => (waiting = resolve));
    const sleepers = Array.from({ length: 6 }, async () =>
      sleeping
        .query(engine === 'postgres' ? 'SELECT pg_sleep(300)' : 'SELECT SLEEP(300)', [], { deadlineMs: 310_000 })
        .catch(() => []),
    );
    const running = migrate(['--max-threads-running', '5', ...TWENTY], {
      onStderr: (text) => {
        if (/waiting: the number of sessions that run a statement is \d+, above 5\n/u.test(text)) waiting();
      },
    });
    await Promise.race([waits, running]);
    expect(await batches()).toBe(0);
    const admin = await openForTest(url);
    for (let left = 1; left > 0;) {
      const rows = await admin.query(
        engine === 'postgres'
          ? "SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()"
          : "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO = 'SELECT SLEEP(300)'",
      );
      left = rows.length;
      for (const { id } of rows)
        await admin
          .execute(engine === 'postgres' ? `SELECT pg_terminate_backend(${String(id)})` : `KILL ${String(id)}`)
          .catch(() => 0);
    }
    await sleeping.close();
    await Promise.all(sleepers);
    expect((await running).code).toBe(0);
  });
});

describe('steering that cannot be meant', () => {
  it.each(['migrate', 'rollback'])('is refused by %s before anything is opened', async (command) => {
    const { code, stderr } = await runCli([
      command,
      '--database-url',
      'sqlite:////nonexistent.db',
      '--max-lag',
      '5',
      '--replica',
      'db2',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^USAGE: [^]*--max-lag[^]*a SQLite file/u)]);
  });
});
