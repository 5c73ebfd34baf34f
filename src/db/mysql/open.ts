import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import createKnex, { type Knex } from 'knex';
import type { Connection } from 'mysql2';
import { RetypeError } from '../../model/error.ts';
import type { MysqlSpec, ServerAddress } from '../connection-spec.ts';
import type { AccessMode, Database, DriverRow } from '../database.ts';
import { KnexDatabase } from '../knex-database.ts';
import type { NativeConnection, DriverValues } from '../knex-executor.ts';
import { openFailure } from '../open-failure.ts';
import { CONNECT_TIMEOUT_MS, POOL_SIZE, QUIET } from '../pool.ts';
import { requireVersion } from '../server-version.ts';
import { readTlsFiles } from '../tls-options.ts';
import { createTrafficMeter } from '../traffic.ts';
import { mysqlDialect } from './dialect.ts';
import { classifyMysqlError } from './errors.ts';
import { createHosts, hostText, type Hosts } from './hosts.ts';
import { IDLE_LIMIT_S, sessionStatements, type MysqlServer } from './session.ts';
import { SESSION_NAME } from './sessions.ts';
import { sharingProxy } from './shared-connection.ts';

/** Below these, READ COMMITTED batches, instant DDL or the JSON of a later report do not work as promised. */
const LEAST = { MariaDB: [10, 3], MySQL: [8, 0] } as const;

/** How long the pool keeps a connection that nobody uses, milliseconds: half of what the server allows it. */
const POOLED_MS = (IDLE_LIMIT_S * 1000) / 2;

/** @throws RetypeError as `openDatabase` says. */
export async function openMysql(spec: MysqlSpec, mode: AccessMode): Promise<Database> {
  const hosts = createHosts(spec.hosts);
  const label = (): string => `${spec.socketPath ?? hostText(hosts.current())}/${spec.database}`;
  const settings = connectionSettings(spec);
  const traffic = createTrafficMeter();
  const sessions = new Map<object, string>();
  const pool = createKnex({
    ...QUIET,
    client: 'mysql2',
    connection: settings,
    pool: { min: 0, max: POOL_SIZE, idleTimeoutMillis: POOLED_MS, reapIntervalMillis: POOLED_MS / 5 },
  });
  const prepare = async (native: Connection): Promise<void> => {
    const { stream } = native as unknown as { readonly stream: Socket };
    traffic.watch(stream);
    stream.once('close', () => sessions.delete(native));
    const name = await prepareSession(native, mode, label(), spec.hosts.length);
    if (name !== null) sessions.set(native, name);
  };
  connectToHosts(pool.client as PooledClient, settings, hosts, prepare);
  try {
    const server = await pool.transaction(async (trx) => {
      const native = await (trx.client as { acquireConnection(): Promise<Connection> }).acquireConnection();
      return inspectServer(native);
    });
    requireVersion(server.flavour, server.version, LEAST[server.flavour], label());
    return new KnexDatabase({
      dialect: mysqlDialect(server),
      mode,
      label,
      writer: pool,
      reader: pool,
      values: VALUES,
      traffic,
      discard,
      sessions: () => [...sessions.values()],
      mend: () => false,
      begun: () => {},
    });
  } catch (error) {
    await pool.destroy();
    throw openFailure(error, classifyMysqlError(error), label(), spec.password);
  }
}

/** The part of knex's client that makes and checks connections (lib/client.js, lib/dialects/mysql, knex 3.3.0). */
interface PooledClient {
  connectionSettings: object;
  readonly pool: { on(event: 'release', handler: (connection: object) => void): void };
  acquireRawConnection(): Promise<Connection>;
  validateConnection(connection: Connection): boolean;
}

/**
 * Lets the pool connect to whichever host takes it, and hand out no connection to a host that was left, nor one that has been idle for so
 * long that the server may have ended it.
 */
function connectToHosts(
  client: PooledClient,
  settings: object,
  hosts: Hosts,
  prepare: (native: Connection) => Promise<void>,
): void {
  const connect = client.acquireRawConnection.bind(client);
  const validate = client.validateConnection.bind(client);
  const hostOf = new WeakMap<object, ServerAddress>();
  const idleSince = new WeakMap<object, number>();
  client.pool.on('release', (connection) => idleSince.set(connection, performance.now()));
  client.validateConnection = (native) =>
    validate(native) &&
    hostOf.get(native) === hosts.current() &&
    performance.now() - (idleSince.get(native) ?? Number.POSITIVE_INFINITY) < POOLED_MS;
  client.acquireRawConnection = async () =>
    hosts.connect(async (host) => {
      client.connectionSettings =
        'socketPath' in settings ? settings : { ...settings, ...host, ...verifiedByAddress(host) };
      const native = await connect();
      hostOf.set(native, host);
      try {
        await withinDeadline(native, prepare(native));
      } catch (error) {
        native.destroy();
        throw error;
      }
      return native;
    }, worthAnotherHost);
}

/** mysql2 checks the certificate of a host that is named by its IP address against the name that Node finds here, by default `localhost`. */
function verifiedByAddress({ host, port }: ServerAddress): { stream?: () => Socket } {
  return isIP(host) === 0
    ? {}
    : { stream: () => Object.assign(connectSocket({ host, port, noDelay: true, keepAlive: true }), { _host: host }) };
}

function worthAnotherHost(failure: unknown): boolean {
  const kind = failure instanceof RetypeError ? 'fatal' : classifyMysqlError(failure);
  return kind === 'unreachable' || kind === 'connection-lost';
}

/** A server, or what lies before it, may take a login and then say nothing more. */
async function withinDeadline<T>(native: Connection, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error('connect ETIMEDOUT: no answer after the login'), { code: 'ETIMEDOUT' }));
      native.destroy();
    }, CONNECT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
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
    // Where there are others, a host that says nothing is not waited for as long.
    connectTimeout: spec.hosts.length === 1 ? CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS / 3,
    // Values as the server spells them: a Date loses zero dates, a number loses BIGINT digits.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    // CLIENT_FOUND_ROWS: UPDATE counts rows matched; a compare-and-swap must not take "already so" for "somebody else was here".
    flags: ['+FOUND_ROWS'],
  } as unknown as Knex.MySql2ConnectionConfig;
}

/**
 * Looks who is there, before anything is set: a shared connection would keep it.
 *
 * @returns the session's name, as `endMysqlSessions` takes it; null where it has none.
 */
async function prepareSession(
  native: Connection,
  mode: AccessMode,
  label: string,
  hosts: number,
): Promise<string | null> {
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
    throw new RetypeError('CONNECTION_SHARED', [
      {
        place: label,
        expected: 'the server itself, or a proxy that passes bytes on (HAProxy in TCP mode)',
        found: proxy,
        advice: 'name the direct address of the server that is written to; nothing was set on the connection',
      },
    ]);
  }
  const flavour = /mariadb/i.test(String(row?.['version'])) ? 'MariaDB' : 'MySQL';
  const galera = await wsrepOn(query);
  if (galera) await requireReadyNode(query, hosts);
  for (const statement of sessionStatements({ flavour, galera }, mode)) await query(statement);
  const [session] = await query(SESSION_NAME);
  return session === undefined ? null : String(session['name']);
}

/**
 * A node without quorum, or one that is being filled, refuses every statement. One that hands its data to another (donor) or catches up
 * works, but slowly; where the address names others, those are better.
 */
async function requireReadyNode(query: Query, hosts: number): Promise<void> {
  const rows = await query(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status', 'wsrep_local_state_comment')",
  );
  const status = new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  const wanted = [
    ['wsrep_ready', 'ON'],
    ['wsrep_cluster_status', 'Primary'],
    ...(hosts > 1 ? [['wsrep_local_state_comment', 'Synced'] as const] : []),
  ] as const;
  for (const [name, value] of wanted) {
    if (status.get(name) === value) continue;
    // Its number is the server's own for this, which is classified and worded.
    throw Object.assign(new Error(`WSREP has not yet prepared node: ${name} = ${status.get(name) ?? 'unknown'}`), {
      errno: 1047,
    });
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

/** SHOW and not @@wsrep_on: a server without Galera does not know the variable. */
async function wsrepOn(query: Query): Promise<boolean> {
  const rows = await query("SHOW VARIABLES LIKE 'wsrep_on'");
  return rows.some((row) => String(row['Value']).toUpperCase() === 'ON');
}

const VALUES: DriverValues = {
  bind: (value) => value,
  rows: (result) => (result as readonly [readonly DriverRow[]])[0],
  matched: (result) => (result as readonly [{ readonly affectedRows?: number }])[0].affectedRows ?? 0,
};

function discard(connection: NativeConnection): void {
  (connection as Connection).destroy();
}
