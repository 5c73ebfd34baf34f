import type { Socket } from 'node:net';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import createKnex, { type Knex } from 'knex';
import type { Connection } from 'mysql2';
import { RetypeError } from '../../../model/error.ts';
import { withReplyDeadline, CONNECT_LIMITS } from '../../transaction/deadlines.ts';
import type { MysqlSpec } from '../../connection/spec.ts';
import { type AccessMode, type Database, type DriverRow, createUsageMeter } from '../../database.ts';
import { firstContact } from '../../connection/first-contact.ts';
import { requireVersion, openFailure } from '../../connection/open-failure.ts';
import { KnexDatabase } from '../../transaction/knex-database.ts';
import type { DriverValues, EngineDriver, NativeConnection } from '../../transaction/connection-pool.ts';
import { createConnectionPool } from '../../transaction/connection-pool.ts';
import { CONNECT_TIMEOUT_MS, POOL_SIZE, QUIET } from '../../transaction/pool-settings.ts';
import { readTlsFiles } from '../../connection/tls-options.ts';
import { onConnection } from '../../transaction/transaction-executor.ts';
import { MYSQL_BUILDER, mysqlDialect } from './dialect.ts';
import { classifyMysqlError, isMysqlFull } from './errors.ts';
import { connectToHosts, createHosts, hostText, type PooledClient } from './hosts.ts';
import { POOLED_MS, sessionStatements, type MysqlServer, SESSION_NAME, sharingProxy } from './session.ts';

/** In older versions READ COMMITTED batches or instant DDL do not work as promised. */
const LEAST = { MariaDB: [10, 3], MySQL: [8, 0] } as const;

/** @throws RetypeError as `openDatabase` says. */
export async function openMysql(
  spec: MysqlSpec,
  mode: AccessMode,
  onWait: (reason: string) => void,
): Promise<Database> {
  const hosts = createHosts(spec.hosts);
  const label = (): string => `${spec.socketPath ?? hostText(hosts.current())}/${spec.database}`;
  const settings = connectionSettings(spec);
  const driver = mysqlDriver();
  const sessions = new Map<object, string>();
  const knex = createKnex({
    ...QUIET,
    client: 'mysql2',
    connection: settings,
    pool: { min: 0, max: POOL_SIZE, idleTimeoutMillis: POOLED_MS, reapIntervalMillis: POOLED_MS / 5 },
  });
  connectToHosts(knex.client as PooledClient, settings, hosts, async (native) => {
    const socket = socketOf(native);
    driver.usage.watch(socket);
    const name = await withReplyDeadline(socket, CONNECT_LIMITS, async () =>
      prepareSession(native, label(), spec.hosts.length),
    );
    if (name === null) return;
    sessions.set(native, name);
    socket.once('close', () => sessions.delete(native));
  });
  const pool = createConnectionPool(knex, driver);
  try {
    const server = await firstContact(classifyMysqlError, onWait, async () =>
      onConnection(await pool.acquire(), async ({ native }) =>
        withReplyDeadline(driver.socketOf(native), CONNECT_LIMITS, async () => inspectServer(native as Connection)),
      ),
    );
    requireVersion(server.flavour, server.version, LEAST[server.flavour], label());
    return new KnexDatabase({
      dialect: mysqlDialect(server),
      mode,
      label,
      driver,
      writer: pool,
      reader: pool,
      mend: () => false,
      sessions: () => [...sessions.values()],
      onWait,
    });
  } catch (error) {
    await pool.close();
    throw openFailure(error, classifyMysqlError(error), label(), spec.password);
  }
}

function connectionSettings(spec: MysqlSpec): Knex.MySql2ConnectionConfig {
  const address = spec.socketPath === null ? spec.hosts[0] : { socketPath: spec.socketPath };
  const ssl =
    spec.tls.kind === 'off'
      ? {}
      : { ssl: { ...readTlsFiles(spec.tls.tls), verifyIdentity: spec.tls.tls.verify === 'identity' } };
  return {
    ...address,
    ...ssl,
    user: spec.user ?? userInfo().username,
    password: spec.password?.reveal() ?? '',
    database: spec.database,
    charset: 'utf8mb4_general_ci',
    // With other hosts to try, a silent one gets less time.
    connectTimeout: spec.hosts.length === 1 ? CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS / 3,
    // Values as the server writes them: a Date loses zero dates, a number loses BIGINT digits.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    // CLIENT_FOUND_ROWS: UPDATE counts rows matched. Otherwise a compare-and-swap would take "no change" for "another
    // writer".
    flags: ['+FOUND_ROWS'],
  } as unknown as Knex.MySql2ConnectionConfig;
}

/**
 * Sets up a session. First finds out whether the connection is shared, because a shared one would keep every setting.
 *
 * @returns the session's name, as `endMysqlSessions` takes it; null where it has none.
 */
async function prepareSession(native: Connection, label: string, hosts: number): Promise<string | null> {
  const query = statementRunner(native);
  const [row] = await query('SELECT VERSION() AS version, CONNECTION_ID() AS id');
  const [comment] = await query('SELECT @@version_comment LIMIT 1');
  const { threadId, _handshakePacket: handshake } = native as unknown as {
    readonly threadId: number;
    readonly _handshakePacket: { readonly serverVersion: string };
  };
  const proxy = sharingProxy({
    threadId,
    handshakeVersion: handshake.serverVersion,
    connectionId: String(row?.['id']),
    version: String(row?.['version']),
    comment: String(Object.values(comment ?? {})[0]),
  });
  if (proxy !== null) {
    throw new RetypeError('CONNECTION_SHARED', {
      place: label,
      expected: 'the server itself, or a proxy that passes bytes on (HAProxy in TCP mode)',
      found: proxy,
      advice: 'name the direct address of the server that is written to; nothing was set on the connection',
    });
  }
  const flavour = /mariadb/i.test(String(row?.['version'])) ? 'MariaDB' : 'MySQL';
  // Before SHOW: with a small max_join_size the server refuses even that.
  await query('SET SESSION sql_big_selects = 1');
  const galera = await wsrepOn(query);
  if (galera) await requireReadyNode(query, hosts);
  for (const statement of sessionStatements({ flavour, galera })) await query(statement);
  const [session] = await query(SESSION_NAME);
  return session === undefined ? null : String(session['name']);
}

/**
 * A node without quorum, or one that is receiving its data, refuses every statement. A donor or a node that catches up
 * works, but slowly; it is refused where the address names other nodes.
 */
async function requireReadyNode(query: Query, hosts: number): Promise<void> {
  const rows = await query(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status', 'wsrep_local_state_comment')",
  );
  const status = new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  const wanted = [
    ['wsrep_cluster_status', 'Primary'],
    ['wsrep_ready', 'ON'],
    ...(hosts > 1 ? [['wsrep_local_state_comment', 'Synced'] as const] : []),
  ] as const;
  for (const [name, value] of wanted) {
    if (status.get(name) === value) continue;
    // The server's own number for this state, so that it is classified and worded alike.
    const found = `${name} = ${status.get(name) ?? 'unknown'}${name === 'wsrep_cluster_status' ? ', the quorum is lost' : ''}`;
    throw Object.assign(new Error(`WSREP has not yet prepared node: ${found}`), { errno: 1047 });
  }
}

async function inspectServer(native: Connection): Promise<MysqlServer> {
  const query = statementRunner(native);
  const [row] = await query('SELECT VERSION() AS version, @@max_allowed_packet AS packet');
  const text = String(row?.['version']);
  return {
    flavour: /mariadb/i.test(text) ? 'MariaDB' : 'MySQL',
    version: /^\d+(?:\.\d+)*/.exec(text)?.[0] ?? text,
    galera: await wsrepOn(query),
    maxAllowedPacket: Number(row?.['packet']),
  };
}

type Query = (sql: string) => Promise<readonly DriverRow[]>;

function statementRunner(native: Connection): Query {
  return promisify((sql: string, done: (error: Error | null, rows: readonly DriverRow[]) => void) => {
    native.query(sql, (error, rows) => {
      done(error, rows as unknown as readonly DriverRow[]);
    });
  });
}

/** By SHOW, because a server without Galera does not know @@wsrep_on. */
async function wsrepOn(query: Query): Promise<boolean> {
  const rows = await query("SHOW VARIABLES LIKE 'wsrep_on'");
  return rows.some((row) => String(row['Value']).toUpperCase() === 'ON');
}

const VALUES: DriverValues = {
  bind: (value) => value,
  rows: (result) => (result as readonly [readonly DriverRow[]])[0],
  matched: (result) => (result as readonly [{ readonly affectedRows?: number }])[0].affectedRows ?? 0,
};

function socketOf(connection: NativeConnection): Socket {
  return (connection as { readonly stream: Socket }).stream;
}

function mysqlDriver(): EngineDriver {
  return {
    builder: MYSQL_BUILDER,
    values: VALUES,
    usage: createUsageMeter(),
    begin: { 'read-only': 'START TRANSACTION READ ONLY', 'read-write': 'START TRANSACTION' },
    readable: /^\s*(?:START TRANSACTION READ ONLY|SELECT|SHOW|WITH|EXPLAIN|COMMIT|ROLLBACK)\b/i,
    addressed: (sql) => sql,
    alone: ['read-write'],
    socketOf,
    // Not the driver's own destroy(), which sends QUIT and leaves running statements without an answer.
    discard: (connection) => socketOf(connection).destroy(),
    classify: classifyMysqlError,
    isFull: isMysqlFull,
  };
}
