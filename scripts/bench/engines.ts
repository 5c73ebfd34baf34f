import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDatabaseUrl } from '../../src/db/connection-url.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import { type CloudOptions, type LoadedCloud, loadCloud } from '../fixtures/cloud.ts';
import { runStatements } from '../fixtures/eras/create-era.ts';
import { newestSchema } from '../fixtures/eras/eras.ts';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';

export const BENCH_ENGINES = ['mariadb', 'postgres', 'sqlite'] as const;
export type BenchEngineName = (typeof BENCH_ENGINES)[number];

/** A private server with one cloud that stays as loaded, and copies of it to measure on. */
export interface BenchEngine {
  readonly settings: string;
  /** Address of the cloud as loaded; only ever read. */
  readonly pristineUrl: string;
  /** Replaces the cloud by another. */
  load(options: CloudOptions): Promise<LoadedCloud>;
  /** Makes a copy that nothing has been done to, throws away the one before, and waits until the server is at rest. */
  freshCopy(): Promise<string>;
  /** The engine's own client reading the columns that a plan reads, or null where there is none. */
  dumpCommand(): readonly [string, ...string[]] | null;
  stop(): Promise<void>;
}

/** What `plan` reads of `images`; the client dumps the same. */
const DUMPED =
  'SELECT id, name, owner, status, disk_format, container_format, size, min_disk FROM images WHERE deleted_at IS NULL';

const STARTERS: Readonly<Record<BenchEngineName, () => Promise<BenchEngine>>> = { mariadb, postgres, sqlite };

export function startEngine(name: BenchEngineName): Promise<BenchEngine> {
  return STARTERS[name]();
}

async function mariadb(): Promise<BenchEngine> {
  const server = await startMariadb({
    durability: 'full',
    bufferPoolMiB: 1024,
    options: ['--innodb-log-file-size=512M'],
  });
  const pristineUrl = server.url('pristine');
  return {
    settings: 'innodb_flush_log_at_trx_commit=1, buffer pool 1 GiB, log 512 MiB, doublewrite on',
    pristineUrl,
    async load(options) {
      await server.admin(`
        DROP DATABASE IF EXISTS pristine; CREATE DATABASE pristine;
        DROP DATABASE IF EXISTS staging; CREATE DATABASE staging;`);
      await inDatabase(pristineUrl, (database) => runStatements(database, newestSchema('mysql')));
      // Rows in random order into nine indexes take minutes; appended to tables without any and then sorted in, seconds.
      await server.admin(`
        CREATE TABLE staging.images SELECT * FROM pristine.images LIMIT 0;
        CREATE TABLE staging.image_properties (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY)
          SELECT * FROM pristine.image_properties LIMIT 0;`);
      const loaded = await inDatabase(server.url('staging'), (database) => loadCloud(database, options));
      await server.admin(`${copyTables('staging', 'pristine')} DROP DATABASE staging;`);
      return loaded;
    },
    async freshCopy() {
      await server.admin('DROP DATABASE IF EXISTS bench; CREATE DATABASE bench;');
      const url = server.url('bench');
      await inDatabase(url, (database) => runStatements(database, newestSchema('mysql')));
      // Dirty pages of the copy would be written while something is measured: they are written out first.
      await server.admin(`${copyTables('pristine', 'bench')}
        SET GLOBAL innodb_io_capacity_max = 40000, innodb_io_capacity = 20000, innodb_max_dirty_pages_pct = 0;`);
      await untilFlushed(pristineUrl);
      await server.admin(
        'SET GLOBAL innodb_max_dirty_pages_pct = 90, innodb_io_capacity = 200, innodb_io_capacity_max = 2000;',
      );
      return url;
    },
    dumpCommand: () => [
      'mariadb',
      '--no-defaults',
      '--protocol=tcp',
      '--host=127.0.0.1',
      `--port=${String(server.port)}`,
      '--user=root',
      '--quick',
      '--batch',
      `--execute=${DUMPED}`,
      'pristine',
    ],
    stop: () => server.stop(),
  };
}

/** With both checks off, MariaDB fills an empty table in bulk and builds its indexes by sorting. */
function copyTables(from: string, to: string): string {
  return `
    SET unique_checks = 0, foreign_key_checks = 0;
    INSERT INTO ${to}.images SELECT * FROM ${from}.images ORDER BY id;
    INSERT INTO ${to}.image_properties SELECT * FROM ${from}.image_properties ORDER BY id;
    ANALYZE TABLE ${to}.images, ${to}.image_properties;`;
}

async function untilFlushed(url: string): Promise<void> {
  await inDatabase(url, async (database) => {
    for (let attempt = 0; attempt < 600; attempt += 1) {
      const [row] = await database.query("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'");
      if (Number(row?.['Value']) < 100) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the server did not write out its dirty pages within a minute');
  });
}

async function postgres(): Promise<BenchEngine> {
  const server = await startPostgres({
    durability: 'full',
    sharedBuffersMiB: 1024,
    settings: ['max_wal_size=4GB', 'autovacuum=off'],
  });
  const pristineUrl = server.url('pristine');
  return {
    settings: 'fsync and synchronous_commit on, shared_buffers 1 GiB, max_wal_size 4 GB, autovacuum off',
    pristineUrl,
    async load(options) {
      await server.admin('DROP DATABASE IF EXISTS pristine;');
      await server.createDatabase('pristine');
      const loaded = await inDatabase(pristineUrl, (database) => fill(database, options));
      await inDatabase(pristineUrl, (database) => database.execute('ANALYZE'));
      return loaded;
    },
    async freshCopy() {
      await server.admin('DROP DATABASE IF EXISTS bench;');
      await server.admin('CREATE DATABASE bench TEMPLATE pristine;');
      await server.admin('CHECKPOINT;');
      return server.url('bench');
    },
    dumpCommand: () => [
      'psql',
      '--no-psqlrc',
      '--host=127.0.0.1',
      `--port=${String(server.port)}`,
      '--username=postgres',
      `--command=COPY (${DUMPED}) TO STDOUT`,
      'pristine',
    ],
    stop: () => server.stop(),
  };
}

async function sqlite(): Promise<BenchEngine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'glance-retype-bench-'));
  const pristine = path.join(folder, 'pristine.sqlite');
  const bench = path.join(folder, 'bench.sqlite');
  const pristineUrl = `sqlite:///${pristine}`;
  return {
    settings: 'as the product opens a file',
    pristineUrl,
    load(options) {
      rmSync(pristine, { force: true });
      writeFileSync(pristine, '');
      return inDatabase(pristineUrl, (database) => fill(database, options));
    },
    freshCopy() {
      for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(bench + suffix, { force: true });
      copyFileSync(pristine, bench);
      spawnSync('sync');
      return Promise.resolve(`sqlite:///${bench}`);
    },
    dumpCommand: () => null,
    stop() {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function fill(database: Database, options: CloudOptions): Promise<LoadedCloud> {
  await runStatements(database, newestSchema(database.dialect.name));
  return loadCloud(database, options);
}

/** Opens a database for writing, and closes it when the work is done. */
export async function inDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(parseDatabaseUrl(url, 'bench'), 'read-write');
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
