import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { startPgbouncer, type Pooler } from '../../scripts/servers/pgbouncer.ts';
import { startPgpool } from '../../scripts/servers/pgpool.ts';
import { startPostgres, startStandby } from '../../scripts/servers/postgres.ts';
import type { PrivateServer } from '../../scripts/servers/private-server.ts';
import { openForTest } from '../support/servers/engines.ts';
import { pooledSettings, startNeighbour } from '../support/servers/pooled-neighbour.ts';
import { runCli } from '../support/program/run-cli.ts';

const COMMANDS: readonly (readonly string[])[] = [
  ['plan'],
  ['expand', '--yes'],
  ['migrate', '--yes', '--lanes', '4'],
  ['verify'],
  ['status'],
  ['rollback', '--yes'],
];

describe('behind a pooler', () => {
  let server: PrivateServer;
  let databases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => server.stop());

  /** A database of its own with a cloud in it. */
  async function cloud(): Promise<string> {
    databases += 1;
    const name = `pooled_${databases}`;
    await server.createDatabase(name);
    const database = await openForTest(server.url(name));
    await runStatements(database, newestSchema('postgres'));
    await loadCloud(database, { images: 2000, seed: 11 });
    return name;
  }

  async function expectNoHarm(pooler: Pooler, name: string, connections: number): Promise<void> {
    onTestFinished(async () => pooler.stop());
    const url = pooler.url(name);
    const before = await pooledSettings(url, connections);
    const neighbour = await startNeighbour(url);
    for (const command of COMMANDS) {
      const already = neighbour.written();
      const result = await runCli([...command, '--database-url', url]);
      expect(result.stderr.replaceAll(/^.*\r/gm, '')).not.toContain('expected');
      expect([command[0], result.code]).toEqual([command[0], 0]);
      expect(neighbour.written()).toBeGreaterThan(already);
    }
    await neighbour.stop();
    expect(neighbour.failures).toEqual([]);
    expect(await pooledSettings(url, connections)).toEqual(before);
  }

  it.each(['transaction', 'session'] as const)(
    'every command works and leaves nothing on a server connection: PgBouncer, pool_mode = %s',
    async (mode) => {
      // Session mode keeps a server connection for each client: four lanes, two more, and the neighbour.
      const poolSize = mode === 'transaction' ? 2 : 10;
      await expectNoHarm(await startPgbouncer({ serverPort: server.port, mode, poolSize }), await cloud(), 2);
    },
  );

  it('every command works with a single server connection, which the neighbour shares', async () => {
    await expectNoHarm(
      await startPgbouncer({ serverPort: server.port, mode: 'transaction', poolSize: 1 }),
      await cloud(),
      1,
    );
  });

  it('PgBouncer with pool_mode = statement is refused by name, before anything was read', async () => {
    const pooler = await startPgbouncer({ serverPort: server.port, mode: 'statement', poolSize: 2 });
    onTestFinished(async () => pooler.stop());
    const result = await runCli(['plan', '--database-url', pooler.url('postgres')]);
    expect(result.stderr).toContain('POOLER_MODE');
    expect(result.stderr).toContain('pool_mode = transaction or session');
    expect(result.code).toBe(5);
  });

  it('every command works and reads from the primary alone: Pgpool-II with a standby to balance loads to', async () => {
    const name = await cloud();
    const standby = await startStandby(server);
    onTestFinished(async () => standby.stop());
    // As far behind as a standby can be: whoever reads from it never sees what expand made.
    await standby.admin('SELECT pg_wal_replay_pause()');
    const pooler = await startPgpool({ serverPorts: [server.port, standby.port], clients: 12 });
    await expectNoHarm(pooler, name, 2);
  });
});
