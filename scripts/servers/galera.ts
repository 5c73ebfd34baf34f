import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { openGroupNetwork, type GroupNetwork } from './group-network.ts';
import { installMariadb, mariadbClient, mariadbServer } from './mariadb.ts';
import {
  endSupervised,
  freePort,
  requireBinary,
  run,
  superviseServer,
  untilReady,
  type PrivateServer,
} from './private-server.ts';

/** One member of the cluster. Its data are gone when it ends, killed or stopped. */
interface GaleraNode extends PrivateServer {
  /** Ends the server with SIGKILL: no farewell to the others, which have lost their quorum then if they were too few. */
  kill(): Promise<void>;
  /**
   * Starts a node that has ended, with nothing, as one whose disk was lost: it takes everything from the others, which must be in a
   * primary component, and waits until all that run are one cluster again.
   */
  restart(): Promise<void>;
  /** Declares this node alone the primary component, as an operator does who knows that the others are dead. */
  bootstrap(): Promise<void>;
  /** Takes the node out of the network of the cluster; clients still reach it. Waits until it has noticed. */
  part(): Promise<void>;
  /** Ends that, and waits until all that run are one cluster again. */
  rejoin(): Promise<void>;
}

/** Three MariaDB servers on 127.0.0.1 that are one Galera cluster. They die with the process that started them. */
export interface GaleraCluster {
  readonly nodes: readonly [GaleraNode, GaleraNode, GaleraNode];
  /** Addresses of one database at all nodes, as one address. */
  url(database: string): string;
  /** Stops them and removes their files; a second call does nothing. */
  stop(): Promise<void>;
}

/** Joining includes a copy of another node's whole data folder. */
const JOIN_SECONDS = 120;

/**
 * Starts a cluster; root has no password.
 *
 * @param options further options of mariadbd for every node
 * @throws Error that names a missing Debian package.
 */
export async function startGalera(options: readonly string[] = []): Promise<GaleraCluster> {
  const programs = requirePrograms();
  const ports = [await nodePorts(), await nodePorts(), await nodePorts()] as const;
  const network = await openGroupNetwork(ports.map(({ group }) => group));
  const running = new Set<number>();
  const node = (index: 0 | 1 | 2): StartableNode =>
    createNode({ programs, ports: ports[index], index, network, running, options });
  const nodes = [node(0), node(1), node(2)] as const;
  const stop = async (): Promise<void> => {
    // One after the other: who leaves last decides what a cluster is, and those who leave at once wait for each other.
    for (const each of nodes.toReversed()) await each.stop();
    network.close();
  };
  try {
    await nodes[0].start('new-cluster');
    await nodes[1].start('join');
    await nodes[2].start('join');
    for (const each of nodes) await each.untilSynced();
  } catch (error) {
    await stop();
    throw error;
  }
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return { nodes, url: (database) => `mysql://root@${hosts}/${encodeURIComponent(database)}`, stop };
}

interface Programs {
  readonly server: string;
  readonly client: string;
  readonly provider: string;
}

function requirePrograms(): Programs {
  // What wsrep_sst_rsync calls: without it a node would only say that it cannot join.
  requireBinary(['/usr/bin/rsync', '/usr/local/bin/rsync'], 'rsync');
  requireBinary(['/usr/bin/lsof', '/usr/local/bin/lsof'], 'lsof');
  return {
    server: mariadbServer(),
    client: mariadbClient(),
    provider: requireBinary(['/usr/lib/galera/libgalera_smm.so'], 'galera-4'),
  };
}

/** All on 127.0.0.1. */
interface NodePorts {
  readonly sql: number;
  /** Of the group communication. */
  readonly group: number;
  /** Where missed write sets are received. */
  readonly increments: number;
  /** Where rsync receives a whole data folder. */
  readonly state: number;
}

async function nodePorts(): Promise<NodePorts> {
  return { sql: await freePort(), group: await freePort(), increments: await freePort(), state: await freePort() };
}

interface StartableNode extends GaleraNode {
  start(as: 'new-cluster' | 'join'): Promise<void>;
  /** With all that run. */
  untilSynced(): Promise<void>;
}

interface NodePlace {
  readonly programs: Programs;
  readonly ports: NodePorts;
  readonly index: number;
  readonly network: GroupNetwork;
  /** Indexes of the nodes that run. */
  readonly running: Set<number>;
  readonly options: readonly string[];
}

function createNode(place: NodePlace): StartableNode {
  const { programs, ports, index, network, running: all } = place;
  let running: { readonly child: ChildProcess; readonly directory: string } | null = null;
  const current = () => {
    if (running === null) throw new Error(`the node at port ${ports.sql} is not running`);
    return running;
  };
  const query = async (sql: string): Promise<string> =>
    run(
      programs.client,
      [
        '--no-defaults',
        `--socket=${join(current().directory, 'server.sock')}`,
        '--user=root',
        '--default-character-set=utf8mb4',
        '--skip-column-names',
      ],
      { input: sql },
    );
  const admin = async (sql: string): Promise<void> => {
    await query(sql);
  };
  const untilSynced = async (): Promise<void> =>
    untilReady(current().child, JOIN_SECONDS, async () => {
      const status = await query(
        "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_local_state_comment', 'wsrep_ready')",
      );
      for (const line of [`wsrep_cluster_size\t${all.size}`, 'wsrep_local_state_comment\tSynced', 'wsrep_ready\tON'])
        if (!status.includes(`${line}\n`)) throw new Error(`${line} is wanted, but it is\n${status}`);
    });
  const start = async (as: 'new-cluster' | 'join'): Promise<void> => {
    if (running !== null) throw new Error(`the node at port ${ports.sql} is running`);
    const directory = await makeDirectory(as);
    running = { directory, child: superviseServer(commandLine(place, directory, as), directory, {}) };
    all.add(index);
    await untilSynced();
  };
  const kill = async (): Promise<void> => {
    const { child, directory } = current();
    process.kill(Number(readFileSync(join(directory, 'server.pid'), 'utf8')), 'SIGKILL');
    running = null;
    all.delete(index);
    await endSupervised(child, directory);
  };
  const untilAlone = async (): Promise<void> =>
    untilReady(current().child, JOIN_SECONDS, async () => {
      const status = await query("SHOW STATUS LIKE 'wsrep_cluster_status'");
      if (!status.includes('non-Primary')) throw new Error(`a node without quorum is wanted, but it is\n${status}`);
    });
  const url = (database: string): string => `mysql://root@127.0.0.1:${ports.sql}/${encodeURIComponent(database)}`;
  return {
    url,
    adminUrl: url('mysql'),
    port: ports.sql,
    admin,
    createDatabase: async (name) => admin(`CREATE DATABASE \`${name.replaceAll('`', '``')}\``),
    start,
    untilSynced,
    kill,
    restart: async () => start('join'),
    bootstrap: async () => {
      // Only who has noticed that the others are gone can be told to go on without them.
      await untilAlone();
      await admin("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'");
      await untilSynced();
    },
    part: async () => {
      network.part(index);
      await untilAlone();
    },
    rejoin: async () => {
      network.heal();
      await untilSynced();
    },
    stop: async () => {
      if (running === null) return;
      const { child, directory } = running;
      running = null;
      all.delete(index);
      await endSupervised(child, directory);
    },
  };
}

/** wsrep_sst_rsync refuses to work as root. */
function serverUser(): string {
  const { username, uid } = userInfo();
  return uid === 0 ? 'mysql' : username;
}

/** A folder with an empty `data` in it, or, for the first node, with a database. */
async function makeDirectory(as: 'new-cluster' | 'join'): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-galera-'));
  chmodSync(directory, 0o755);
  const data = join(directory, 'data');
  mkdirSync(data);
  if (userInfo().uid === 0) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (part) => Number(await run('id', [part, serverUser()]))),
    );
    for (const path of [directory, data]) chownSync(path, uid ?? 0, gid ?? 0);
  }
  if (as === 'new-cluster') await installMariadb(data, directory, serverUser());
  return directory;
}

function commandLine(
  { programs: { server, provider }, ports, index, network, options }: NodePlace,
  directory: string,
  as: 'new-cluster' | 'join',
): readonly string[] {
  const providerOptions = [
    `gmcast.listen_addr=tcp://127.0.0.1:${ports.group}`,
    `ist.recv_addr=127.0.0.1:${ports.increments}`,
    `base_port=${ports.group}`,
    'gcache.size=16M',
  ];
  return [
    server,
    '--no-defaults',
    `--datadir=${join(directory, 'data')}`,
    `--tmpdir=${directory}`,
    `--user=${serverUser()}`,
    `--socket=${join(directory, 'server.sock')}`,
    `--port=${ports.sql}`,
    '--bind-address=127.0.0.1',
    `--pid-file=${join(directory, 'server.pid')}`,
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=0',
    '--skip-innodb-doublewrite',
    '--innodb-flush-method=nosync',
    '--innodb-log-file-size=32M',
    '--innodb-fast-shutdown=2',
    '--character-set-server=utf8mb3',
    // What Galera asks for.
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
    '--default-storage-engine=InnoDB',
    '--wsrep-on=ON',
    `--wsrep-provider=${provider}`,
    `--wsrep-cluster-address=gcomm://${network.addresses(index)}`,
    '--wsrep-node-address=127.0.0.1',
    `--wsrep-provider-options=${providerOptions.join(';')}`,
    '--wsrep-sst-method=rsync',
    `--wsrep-sst-receive-address=127.0.0.1:${ports.state}`,
    ...options,
    ...(as === 'new-cluster' ? ['--wsrep-new-cluster'] : []),
  ];
}
