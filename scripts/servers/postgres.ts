import type { SpawnOptions } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

export interface PostgresOptions {
  /** `none` (default): no fsync at COMMIT, for tests. `full`: durable, for the benchmark. */
  readonly durability?: 'none' | 'full';
  /** Default 64. */
  readonly sharedBuffersMiB?: number;
  /** Further settings: `max_connections=50`. */
  readonly settings?: readonly string[];
  /** Default `empty`. Whoever runs as root hands in a folder that the account postgres can reach and write to. */
  readonly data?: ServerData;
}

/** What the installed server says of itself. @throws Error that names a missing Debian package. */
export async function postgresVersion(): Promise<string> {
  return (await run(requireBinary(binaryPaths('postgres'), 'postgresql'), ['--version'])).trim();
}

/** Starts PostgreSQL; superuser postgres, no password. @throws Error that names a missing Debian package. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PrivateServer> {
  const postgres = requireBinary(binaryPaths('postgres'), 'postgresql');
  const psql = requireBinary([...binaryPaths('psql'), '/usr/bin/psql'], 'postgresql-client');

  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-postgres-'));
  const account = await serverAccount();
  if (account !== null) chownSync(directory, account.uid, account.gid);
  chmodSync(directory, 0o755);
  const source = options.data ?? { kind: 'empty' };
  const data = source.kind === 'kept' ? source.folder : join(directory, 'data');
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  if (source.kind === 'kept' && account !== null) chownSync(data, account.uid, account.gid);
  if (source.kind === 'copy') await copyData(source.of, data);
  else await initializeCluster(data, { ...identity, cwd: directory });

  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${directory}`,
    `shared_buffers=${options.sharedBuffersMiB ?? 64}MB`,
    ...(options.durability === 'full' ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    ...(options.settings ?? []),
  ];
  const child = superviseServer(
    [postgres, '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    directory,
    { ...identity, cwd: directory },
    // SIGQUIT is as good as a crash, and quicker; what is kept must not have to be recovered.
    source.kind === 'kept' ? 'INT' : 'QUIT',
  );
  const admin = async (sql: string): Promise<void> => {
    await run(
      psql,
      [
        '--no-psqlrc',
        '--quiet',
        '--set=ON_ERROR_STOP=1',
        '--host=127.0.0.1',
        `--port=${port}`,
        '--username=postgres',
        'postgres',
      ],
      { input: sql },
    );
  };
  try {
    await untilReady(child, 60, () => admin('SELECT 1'));
  } catch (error) {
    await endSupervised(child, directory);
    throw error;
  }

  const url = (database: string): string =>
    `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
  return {
    url,
    adminUrl: url('postgres'),
    port,
    admin,
    createDatabase: (name) => admin(`CREATE DATABASE "${name.replaceAll('"', '""')}"`),
    stop: () => endSupervised(child, directory),
  };
}

/** Starts a standby that follows a private server, which it may be some time behind. */
export async function startStandby(primary: PrivateServer): Promise<PrivateServer> {
  const backup = requireBinary(binaryPaths('pg_basebackup'), 'postgresql-client');
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-standby-'));
  const account = await serverAccount();
  if (account !== null) chownSync(directory, account.uid, account.gid);
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  const data = join(directory, 'data');
  try {
    await run(
      backup,
      [
        '--host=127.0.0.1',
        `--port=${primary.port}`,
        '--username=postgres',
        '--pgdata',
        data,
        '--write-recovery-conf',
        '--checkpoint=fast',
      ],
      { ...identity, cwd: directory },
    );
    return await startPostgres({ data: { kind: 'copy', of: data }, settings: ['hot_standby=on', 'log_statement=all'] });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function initializeCluster(data: string, options: SpawnOptions): Promise<void> {
  const initdb = requireBinary(binaryPaths('initdb'), 'postgresql');
  const settings = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  await run(initdb, ['--pgdata', data, ...settings], options);
}

/** Debian keeps one directory a major version; the newest first. */
function binaryPaths(name: string): readonly string[] {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const debian = versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin', name));
  return [...debian, join('/usr/local/pgsql/bin', name)];
}

/** PostgreSQL refuses to run as root; null where we are somebody else already. */
export async function serverAccount(): Promise<{ readonly uid: number; readonly gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (option: string): Promise<number> => Number((await run('id', [option, 'postgres'])).trim());
  return { uid: await id('-u'), gid: await id('-g') };
}
