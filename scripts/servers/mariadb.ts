import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import {
  copyData,
  endSupervised,
  freePort,
  requireBinary,
  run,
  superviseServer,
  untilReady,
  type PrivateServer,
  type ServerData,
} from './private-server.ts';

export interface MariadbOptions {
  /**
   * `none` (default): no fsync at COMMIT or for the log and the definitions of DDL, for tests. `full`: durable, for the
   * benchmark.
   */
  readonly durability?: 'none' | 'full';
  /** Default 128. */
  readonly bufferPoolMiB?: number;
  /** Further options of mariadbd, as on its command line: `--sql-mode=ANSI`. */
  readonly options?: readonly string[];
  /** Default `empty`. What is kept is left without anything to recover or to purge. */
  readonly data?: ServerData;
}

/** What the installed server says of itself. @throws Error that names a missing Debian package. */
export async function mariadbVersion(): Promise<string> {
  return (await run(mariadbServer(), ['--no-defaults', '--version'])).trim();
}

/** Starts MariaDB; root has no password. @throws Error that names a missing Debian package. */
export async function startMariadb(options: MariadbOptions = {}): Promise<PrivateServer> {
  const server = mariadbServer();
  const client = mariadbClient();

  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-mariadb-'));
  chmodSync(directory, 0o755);
  const source = options.data ?? { kind: 'empty' };
  const data = source.kind === 'kept' ? source.folder : join(directory, 'data');
  const socket = join(directory, 'server.sock');
  const { username } = userInfo();
  if (source.kind === 'copy') await copyData(source.of, data);
  else await installMariadb(data, directory, username);

  const port = await freePort();
  const child = superviseServer(
    [
      server,
      '--no-defaults',
      `--datadir=${data}`,
      // Servers that start side by side clear the shared one of each other's files.
      `--tmpdir=${directory}`,
      `--user=${username}`,
      `--socket=${socket}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--pid-file=${join(directory, 'server.pid')}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      `--innodb-buffer-pool-size=${options.bufferPoolMiB ?? 128}M`,
      `--innodb-flush-log-at-trx-commit=${options.durability === 'full' ? 1 : 0}`,
      ...(options.durability === 'full'
        ? []
        : ['--skip-innodb-doublewrite', '--innodb-flush-method=nosync', '--debug-no-sync']),
      '--innodb-log-file-size=256M',
      `--innodb-fast-shutdown=${source.kind === 'kept' ? 0 : 2}`,
      // Servers of the field default to it; a test must not depend on utf8mb4 being anywhere by itself.
      '--character-set-server=utf8mb3',
      ...(options.options ?? []),
    ],
    directory,
    {},
  );
  const admin = async (sql: string): Promise<void> => {
    await run(client, ['--no-defaults', `--socket=${socket}`, '--user=root', '--default-character-set=utf8mb4'], {
      input: sql,
    });
  };
  try {
    await untilReady(child, 60, () => admin('SELECT 1'));
  } catch (error) {
    await endSupervised(child, directory);
    throw error;
  }

  const url = (database: string): string => `mysql://root@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    url,
    adminUrl: url('mysql'),
    port,
    admin,
    createDatabase: (name) => admin(`CREATE DATABASE \`${name.replaceAll('`', '``')}\``),
    stop: () => endSupervised(child, directory),
  };
}

/** Starts a server that follows a private one, which must write a binary log (`--log-bin`) from its start on. */
export async function startMariadbReplica(primary: PrivateServer): Promise<PrivateServer> {
  const replica = await startMariadb({ options: ['--server-id=2', '--read-only=ON'] });
  const source = `MASTER_HOST='127.0.0.1', MASTER_PORT=${primary.port}, MASTER_USER='root', MASTER_USE_GTID=slave_pos`;
  await replica.admin(`CHANGE MASTER TO ${source}, MASTER_CONNECT_RETRY=1; START SLAVE;`);
  return replica;
}

/** @throws Error that names the missing Debian package. */
export function mariadbServer(): string {
  return requireBinary(['/usr/sbin/mariadbd', '/usr/bin/mariadbd', '/usr/local/bin/mariadbd'], 'mariadb-server');
}

/** @throws Error that names the missing Debian package. */
export function mariadbClient(): string {
  return requireBinary(['/usr/bin/mariadb', '/usr/local/bin/mariadb'], 'mariadb-client');
}

/** Makes the system tables; root has no password. @param user account of this machine that the server runs as. */
export async function installMariadb(data: string, temporary: string, user: string): Promise<void> {
  const install = requireBinary(['/usr/bin/mariadb-install-db', '/usr/local/bin/mariadb-install-db'], 'mariadb-server');
  await run(install, [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    `--user=${user}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
  ]);
}
