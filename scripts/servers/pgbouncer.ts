import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from './postgres.ts';
import { endSupervised, freePort, requireBinary, run, superviseServer, untilReady } from './private-server.ts';

/** A pooler before a private PostgreSQL. It dies with the process that started it. */
export interface Pooler {
  /** Address of one database behind it, as the superuser, in the form of `--database-url`. */
  url(database: string): string;
  /** A second call does nothing. */
  stop(): Promise<void>;
}

export interface PgbouncerOptions {
  /** Port of the server behind it. */
  readonly serverPort: number;
  readonly mode: 'transaction' | 'session' | 'statement';
  /** Server connections for each pair of database and account. */
  readonly poolSize: number;
}

/** Starts PgBouncer. @throws Error that names a missing Debian package. */
export async function startPgbouncer({ serverPort, mode, poolSize }: PgbouncerOptions): Promise<Pooler> {
  const program = requireBinary(['/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer'], 'pgbouncer');
  const port = await freePort();
  const settings = [
    '[databases]',
    `* = host=127.0.0.1 port=${serverPort} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'auth_type = any',
    `pool_mode = ${mode}`,
    `default_pool_size = ${poolSize}`,
    'unix_socket_dir =',
  ];
  return startPooler(port, 'TERM', (directory) => {
    const file = join(directory, 'pgbouncer.ini');
    writeFileSync(file, `${settings.join('\n')}\n`);
    return [program, file];
  });
}

/**
 * Starts a pooler under the account of the server, which may not be root's, and waits until it passes statements on.
 *
 * @param signal what ends it at once, clients or not.
 */
export async function startPooler(
  port: number,
  signal: 'INT' | 'TERM',
  commandLine: (directory: string) => readonly string[],
): Promise<Pooler> {
  const psql = requireBinary(['/usr/bin/psql'], 'postgresql-client');
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-pooler-'));
  const account = await serverAccount();
  if (account !== null) chownSync(directory, account.uid, account.gid);
  chmodSync(directory, 0o755);
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  const child = superviseServer(commandLine(directory), directory, { ...identity, cwd: directory }, signal);
  const url = (database: string): string =>
    `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
  try {
    await untilReady(child, 60, () => run(psql, ['--no-psqlrc', '--quiet', url('postgres'), '--command=SELECT 1']));
  } catch (error) {
    await endSupervised(child, directory);
    throw error;
  }
  return { url, stop: () => endSupervised(child, directory) };
}
