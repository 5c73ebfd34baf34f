import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPooler, type Pooler } from './pgbouncer.ts';
import { freePort, requireBinary } from './private-server.ts';

export interface PgpoolOptions {
  /** Ports of the servers behind it: the primary, and standbys that SELECTs may be sent to. */
  readonly serverPorts: readonly number[];
  /** Clients at the same time; each may keep one server connection of each database and account. */
  readonly clients: number;
}

/** Starts Pgpool-II with its cache of connections and load balancing. @throws Error that names a missing Debian package. */
export async function startPgpool({ serverPorts, clients }: PgpoolOptions): Promise<Pooler> {
  const program = requireBinary(['/usr/sbin/pgpool', '/usr/local/bin/pgpool'], 'pgpool2');
  const [port, controlPort] = [await freePort(), await freePort()];
  return startPooler(port, 'INT', (directory) => {
    const settings = [
      "backend_clustering_mode = 'streaming_replication'",
      "listen_addresses = '127.0.0.1'",
      `port = ${port}`,
      `unix_socket_directories = '${directory}'`,
      `pcp_port = ${controlPort}`,
      `pcp_socket_dir = '${directory}'`,
      `wd_ipc_socket_dir = '${directory}'`,
      `pid_file_name = '${join(directory, 'pgpool.pid')}'`,
      `logdir = '${directory}'`,
      `num_init_children = ${clients}`,
      'connection_cache = on',
      'load_balance_mode = on',
      'enable_pool_hba = off',
      "sr_check_user = 'postgres'",
      "sr_check_database = 'postgres'",
      ...serverPorts.flatMap((serverPort, index) => [
        `backend_hostname${index} = '127.0.0.1'`,
        `backend_port${index} = ${serverPort}`,
        // All reads would go to the standbys.
        `backend_weight${index} = ${index === 0 && serverPorts.length > 1 ? 0 : 1}`,
      ]),
    ];
    const file = join(directory, 'pgpool.conf');
    writeFileSync(file, `${settings.join('\n')}\n`);
    return [program, '-n', '-f', file, '-F', join(directory, 'pcp.conf'), '-a', join(directory, 'pool_hba.conf')];
  });
}
