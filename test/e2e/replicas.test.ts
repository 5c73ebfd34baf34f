import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { startMariadb, startMariadbReplica } from '../../scripts/servers/mariadb.ts';
import { startPostgres, startStandby } from '../../scripts/servers/postgres.ts';
import type { PrivateServer } from '../../scripts/servers/private-server.ts';
import type { Database } from '../../src/db/database.ts';
import type { RunEvent } from '../../src/model/event.ts';
import { createPhaseClock } from '../../src/run/context/phase-clock.ts';
import { withBrake } from '../../src/run/steering/brake.ts';
import { createPressureControl } from '../../src/run/steering/pressure.ts';
import { createHeart, replicaLag } from '../../src/run/steering/replica-lag.ts';
import { openWindow, UNLIMITED } from '../../src/run/steering/window.ts';
import { runCli } from '../support/program/run-cli.ts';
import { ENGINES, openForTest } from '../support/servers/engines.ts';

interface Replication {
  readonly primary: PrivateServer;
  readonly replica: PrivateServer;
  /** Keeps what the replica has received from being applied. */
  stopApplying(): Promise<void>;
  startApplying(): Promise<void>;
  /** The process that serves a connection to the replica, or all of it. */
  process(url: string): Promise<number>;
}

async function mariadb(): Promise<Replication> {
  const primary = await startMariadb({ options: ['--server-id=1', '--log-bin=binlog', '--binlog-format=ROW'] });
  const replica = await startMariadbReplica(primary);
  return {
    primary,
    replica,
    stopApplying: async () => replica.admin('STOP SLAVE SQL_THREAD'),
    startApplying: async () => replica.admin('START SLAVE SQL_THREAD'),
    process: async (url) => {
      const database = await openForTest(url);
      const [row] = await database.query('SELECT @@pid_file AS file');
      return Number(readFileSync(String(row?.['file']), 'utf8'));
    },
  };
}

async function postgres(): Promise<Replication> {
  const primary = await startPostgres({ settings: ['wal_level=replica', 'max_wal_senders=4'] });
  const replica = await startStandby(primary);
  return {
    primary,
    replica,
    stopApplying: async () => replica.admin('SELECT pg_wal_replay_pause()'),
    startApplying: async () => replica.admin('SELECT pg_wal_replay_resume()'),
    // The process that replays.
    process: async (url) => {
      const database = await openForTest(url, 'read-only');
      const [row] = await database.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'");
      return Number(row?.['pid']);
    },
  };
}

const WITH_REPLICAS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(WITH_REPLICAS)('--max-lag over a replica of %s', (engine) => {
  let servers: Replication;

  beforeAll(async () => {
    servers = await (engine === 'mariadb' ? mariadb() : postgres());
    return async () => {
      await servers.replica.stop();
      await servers.primary.stop();
    };
  });
  afterEach(async () => servers.startApplying().catch(() => undefined));

  async function expanded() {
    const name = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    await servers.primary.createDatabase(name);
    const url = servers.primary.url(name);
    const database = await openForTest(url);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 100, seed: 3 });
    expect((await runCli(['expand', '--database-url', url, '--yes'])).code).toBe(0);
    const batches = async (): Promise<number> =>
      Number((await database.query('SELECT COUNT(*) AS n FROM retype_batches'))[0]?.['n']);
    return { name, url, database, batches };
  }

  const subject = (): string => `the lag of replica 127.0.0.1:${servers.replica.port}`;

  it('waits while the replica applies nothing, says so, and goes on when it has caught up', async () => {
    const { url, batches } = await expanded();
    await servers.stopApplying();
    let waiting = (): void => {};
    const waits = new Promise<void>((resolve) => (waiting = resolve));
    const running = runCli(
      ['migrate', '--database-url', url, '--yes', '--max-lag', '2', '--replica', `127.0.0.1:${servers.replica.port}`],
      { onStderr: (text) => void (text.includes(`waiting: ${subject()} is unknown`) && waiting()) },
    );
    await Promise.race([waits, running]);
    expect(await batches()).toBe(0);
    await servers.startApplying();
    const { code, stderr } = await running;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/going on after /u)]);
    expect(stderr).toContain(`No batch begins while ${subject()} is above 2 s or unknown.\n`);
  });

  it('fails at once where the replica refuses the login, and shows no password', async () => {
    const { url, batches } = await expanded();
    const other = engine === 'mariadb' ? 'mysql' : 'postgresql';
    const at = ['--database-url', url, '--replica', `${other}://nobody:very-secret@127.0.0.1:${servers.replica.port}`];
    const { code, stdout, stderr } = await runCli(['migrate', ...at, '--yes', '--max-lag', '2']);
    expect([code, stderr]).toEqual([8, expect.stringMatching(/^DATABASE_LOGIN/mu)]);
    expect(stdout + stderr).not.toContain('very-secret');
    expect(await batches()).toBe(0);
  });

  it('waits for one that cannot be reached, and ends in order on a signal', async () => {
    const { url, batches } = await expanded();
    let asked = false;
    const { code, stdout, stderr } = await runCli(
      ['migrate', '--database-url', url, '--yes', '--max-lag', '2', '--replica', '127.0.0.1:1'],
      {
        onStderr: (text, kill) => {
          if (asked || !text.includes('waiting:')) return;
          asked = true;
          kill('SIGTERM');
        },
      },
    );
    expect([code, await batches()]).toEqual([3, 0]);
    expect(stderr).toMatch(/: the lag of replica 127\.0\.0\.1:1 is unknown for \d+ s, which counts as above 2 s/u);
    expect(stdout).toContain('stopped by a signal; 0.0 % done; run the same command again');
  });

  /** A brake with this replica as its only condition. */
  async function braked<T>(
    { database, name }: { readonly database: Database; readonly name: string },
    work: (batch: () => Promise<'begin' | 'end'>, events: RunEvent[]) => Promise<T>,
  ): Promise<T> {
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent): void => void events.push(event);
    const lag = replicaLag({
      name: `127.0.0.1:${servers.replica.port}`,
      open: async () => openForTest(servers.replica.url(name), 'read-only'),
      heart: createHeart(database),
      limit: 1,
    });
    const { alone, beside } = database.dialect.pressure;
    return withBrake(
      {
        writer: database,
        pressure: createPressureControl({ alone, beside }),
        maxLatency: null,
        pauseFile: null,
        throttles: [lag],
        window: openWindow({
          limits: UNLIMITED,
          signals: { requested: () => false },
          onEvent,
          now: () => performance.now(),
        }),
        clock: createPhaseClock(),
        onEvent,
      },
      async (brake) => work(async () => brake.before('counts'), events),
    );
  }

  it.each(['applies nothing any more', 'stands still'])('in the middle of a run holds when it %s', async (how) => {
    const place = await expanded();
    await braked(place, async (batch, events) => {
      expect(await batch()).toBe('begin');
      const pid = await servers.process(servers.replica.url(engine === 'mariadb' ? 'mysql' : 'postgres'));
      const [hold, free] =
        how === 'stands still'
          ? [async () => process.kill(pid, 'SIGSTOP'), async () => process.kill(pid, 'SIGCONT')]
          : [async () => servers.stopApplying(), async () => servers.startApplying()];
      await hold();
      const isHeld = (): boolean => events.some(({ kind }) => kind === 'waiting');
      let begun = 0;
      const batches = (async () => {
        while (!events.some(({ kind }) => kind === 'resumed')) {
          await batch();
          if (isHeld()) continue;
          begun += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      try {
        while (!isHeld()) await new Promise((resolve) => setTimeout(resolve, 20));
        const before = begun;
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        expect(begun).toBe(before);
        expect(events.some(({ kind }) => kind === 'resumed')).toBe(false);
      } finally {
        await free();
      }
      await batches;
      const [waiting] = events.filter((event) => event.kind === 'waiting');
      expect(waiting).toMatchObject({ reason: 'replica-lag', limit: 1, reading: expect.any(Number) as number });
      expect(waiting?.text).toMatch(
        how === 'stands still' && engine === 'mariadb' ? / is unknown for \d+ s, which/u : / is [\d.]+ s, above 1 s$/u,
      );
    });
  });
});
