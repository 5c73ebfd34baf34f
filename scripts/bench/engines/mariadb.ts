import { mariadbVersion, type MariadbOptions, startMariadb } from '../../servers/mariadb.ts';
import type { PrivateServer } from '../../servers/private-server.ts';
import { mariadbClient } from '../client-command.ts';
import { type BenchEngine, inDatabase, shareOfMemory } from '../engine.ts';
import { loadMariadb } from '../load/mariadb.ts';
import { preparedCloud } from '../prepared.ts';

/** Also what OpenStack-Ansible sets; the default of 96 MiB would make every large statement wait for its own checkpoints. */
const LOG_MIB = 1024;
const POOL_SHARE = 0.5;

/**
 * A copy is a server of its own on a copied data folder: cheaper than copying rows, and there is nothing left to purge or to write
 * out from what came before.
 */
export async function mariadbEngine(): Promise<BenchEngine> {
  const bufferPoolMiB = shareOfMemory(POOL_SHARE);
  const server: MariadbOptions = { bufferPoolMiB, options: [`--innodb-log-file-size=${String(LOG_MIB)}M`] };
  const version = `${await mariadbVersion()}, log ${String(LOG_MIB)} MiB`;
  let folder: string | null = null;
  let copy: PrivateServer | null = null;

  return {
    name: 'mariadb',
    settings: `innodb_flush_log_at_trx_commit=1, doublewrite on, buffer pool ${String(bufferPoolMiB)} MiB (half of the memory) and warm, log ${String(LOG_MIB)} MiB, else MariaDB's defaults`,
    async prepare(cloud) {
      const prepared = await preparedCloud({
        engine: 'mariadb',
        version,
        cloud,
        load: (into) => load(server, into, cloud),
      });
      folder = prepared.folder;
      return prepared;
    },
    async freshCopy() {
      if (folder === null) throw new Error('no cloud has been prepared');
      await copy?.stop();
      copy = await startMariadb({ ...server, durability: 'full', data: { kind: 'copy', of: folder } });
      const url = copy.url('glance');
      await untilWarm(url);
      return url;
    },
    dumpCommand: (url, selects) => mariadbClient(url, ['--quick', '--batch', `--execute=${selects.join('; ')}`]),
    async stop() {
      await copy?.stop();
      copy = null;
    },
  };
}

async function load(
  { options = [], ...server }: MariadbOptions,
  folder: string,
  cloud: Parameters<BenchEngine['prepare']>[0],
): ReturnType<typeof loadMariadb> {
  const loading = await startMariadb({
    ...server,
    // The list of the pages in memory is what a copy warms itself with.
    options: [...options, '--innodb-sort-buffer-size=64M', '--innodb-buffer-pool-dump-pct=100'],
    data: { kind: 'kept', folder },
  });
  try {
    await loading.createDatabase('glance');
    const url = loading.url('glance');
    return await inDatabase(url, (database) => loadMariadb(database, url, cloud));
  } finally {
    await loading.stop();
  }
}

/** The server reads the pages that it had in memory when it was stopped; nothing else is under way in it. */
async function untilWarm(url: string): Promise<void> {
  await inDatabase(url, async (database) => {
    for (let attempt = 0; attempt < 6_000; attempt += 1) {
      const [row] = await database.query("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_load_status'");
      if (String(row?.['Value']).includes('completed')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the server did not read its buffer pool within ten minutes');
  });
}
