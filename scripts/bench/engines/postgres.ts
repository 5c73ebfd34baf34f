import { postgresVersion, type PostgresOptions, startPostgres } from '../../servers/postgres.ts';
import type { PrivateServer } from '../../servers/private-server.ts';
import { postgresClient } from '../client-command.ts';
import { type BenchEngine, inDatabase, shareOfMemory } from '../engine.ts';
import { loadPostgres } from '../load/postgres.ts';
import { preparedCloud } from '../prepared.ts';

/** What PostgreSQL's manual calls a reasonable start on a machine that serves nothing else. */
const BUFFERS_SHARE = 0.25;
const WAL = ['max_wal_size=8GB', 'min_wal_size=4GB'] as const;

/** Read by what is measured; the other indexes are left to the page cache, which has just copied them. */
const WARMED = ['images', 'images_pkey', 'image_properties', 'ix_image_properties_image_id_name'];

/** A copy is a database made from the prepared one as its template, file by file, on one server for all copies of a cloud. */
export async function postgresEngine(): Promise<BenchEngine> {
  const sharedBuffersMiB = shareOfMemory(BUFFERS_SHARE);
  const version = await postgresVersion();
  let folder: string | null = null;
  let server: PrivateServer | null = null;

  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };
  return {
    name: 'postgres',
    settings: `fsync and synchronous_commit on, shared_buffers ${String(sharedBuffersMiB)} MiB (a quarter of the memory) and warm, ${WAL.join(', ')}, autovacuum off, else PostgreSQL's defaults`,
    async prepare(cloud) {
      await stop();
      const prepared = await preparedCloud({
        engine: 'postgres',
        version,
        cloud,
        load: (into) => load({ sharedBuffersMiB }, into, cloud),
      });
      folder = prepared.folder;
      return prepared;
    },
    async freshCopy() {
      if (folder === null) throw new Error('no cloud has been prepared');
      server ??= await startPostgres({
        durability: 'full',
        sharedBuffersMiB,
        settings: [...WAL, 'autovacuum=off'],
        data: { kind: 'copy', of: folder },
      });
      await server.admin('DROP DATABASE IF EXISTS bench WITH (FORCE);');
      await server.admin('CREATE DATABASE bench TEMPLATE glance STRATEGY FILE_COPY;');
      const url = server.url('bench');
      await inDatabase(url, async (database) => {
        for (const relation of WARMED) await database.query(`SELECT pg_prewarm('${relation}')`);
        await database.execute('CHECKPOINT');
      });
      return url;
    },
    dumpCommand: (url, selects) =>
      postgresClient(
        url,
        selects.map((select) => `--command=COPY (${select}) TO STDOUT`),
      ),
    stop,
  };
}

async function load(
  options: PostgresOptions,
  folder: string,
  cloud: Parameters<BenchEngine['prepare']>[0],
): ReturnType<typeof loadPostgres> {
  const loading = await startPostgres({
    ...options,
    // A checkpoint costs little here, and every gigabyte of log that loading leaves would be copied with the cloud.
    settings: ['autovacuum=off', 'max_wal_size=1GB', 'maintenance_work_mem=1GB'],
    data: { kind: 'kept', folder },
  });
  try {
    await loading.createDatabase('glance');
    const url = loading.url('glance');
    return await inDatabase(url, async (database) => {
      const loaded = await loadPostgres(database, url, cloud);
      await database.execute('CREATE EXTENSION pg_prewarm');
      return loaded;
    });
  } finally {
    await loading.stop();
  }
}
