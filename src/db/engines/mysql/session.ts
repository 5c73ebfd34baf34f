import type { DriverRow, Executor } from '../../database.ts';
import { driverError } from '../../driver-error.ts';
import { LOCK_WAIT_S, OPEN_TRANSACTION_S } from '../../transaction/pool-settings.ts';

/** Facts about the server. */
export interface MysqlServer {
  readonly flavour: 'MariaDB' | 'MySQL';
  /** `10.11.19`, without distribution suffixes. */
  readonly version: string;
  readonly galera: boolean;
  /** Bytes. */
  readonly maxAllowedPacket: number;
}

/** How long the pool keeps an idle connection, milliseconds: half of what the server allows. */
export const POOLED_MS = (OPEN_TRANSACTION_S * 1000) / 2;

/** MariaDB's own limits for a session in a transaction; where the server sets them they replace wait_timeout. */
const IDLE_TRANSACTIONS = [
  'idle_transaction_timeout',
  'idle_write_transaction_timeout',
  'idle_readonly_transaction_timeout',
];

/**
 * The first statements of every connection; no other client ever gets it. The server's defaults, init_connect and
 * my.cnf must not change a result:
 *
 * - sql_mode: strict, so that a value that does not fit fails instead of being cut; without the zero-date modes,
 *   because tables hold zero dates that an ALTER may have to copy; without NO_BACKSLASH_ESCAPES, which would break the
 *   driver's escaping; without ANSI_QUOTES and PIPES_AS_CONCAT, which give our SQL another meaning.
 * - READ COMMITTED: INSERT … SELECT and range UPDATEs under REPEATABLE READ lock gaps, and two lanes deadlock.
 * - completion_type: CHAIN and RELEASE would begin a transaction or close the connection after COMMIT.
 * - short waits for row and metadata locks: a live Glance queues behind our waiting ALTER.
 * - short idle limits, also while a statement is being sent: a frozen runner must not block other writers. MySQL has
 *   none for transactions, so wait_timeout is short as well; the pool closes idle connections sooner.
 * - no statement time limit: the server's is meant for web requests; a page of ten thousand rows may take longer.
 * - wsrep_sync_wait: without it a read on Galera may miss what another node has just committed.
 * - wsrep_OSU_method: with RSU an ALTER reaches only one node, and the next write set expels that node from the
 *   cluster.
 */
export function sessionStatements(server: Pick<MysqlServer, 'flavour' | 'galera'>): readonly string[] {
  const variables = [
    'autocommit = 1',
    "completion_type = 'NO_CHAIN'",
    "time_zone = '+00:00'",
    "sql_mode = 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    `innodb_lock_wait_timeout = ${LOCK_WAIT_S}`,
    'lock_wait_timeout = 1',
    `wait_timeout = ${OPEN_TRANSACTION_S}`,
    ...(server.flavour === 'MariaDB' ? IDLE_TRANSACTIONS.map((name) => `${name} = ${OPEN_TRANSACTION_S}`) : []),
    `net_read_timeout = ${OPEN_TRANSACTION_S}`,
    'net_write_timeout = 60',
    'sql_safe_updates = 0',
    'sql_select_limit = 18446744073709551615',
    server.flavour === 'MariaDB' ? 'max_statement_time = 0' : 'max_execution_time = 0',
    ...(server.galera ? ['wsrep_sync_wait = 1', "wsrep_OSU_method = 'TOI'"] : []),
  ];
  return [
    'SET NAMES utf8mb4',
    `SET SESSION ${variables.join(', SESSION ')}`,
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  ];
}

const NAME = "CONCAT(p.ID, ' ', p.HOST, ' ', @@hostname, ':', @@port)";

/**
 * Names the session that runs it: by its number, the client's address as the server sees it, and the server. A number
 * alone is reused after a restart, and each node of a cluster has its own. Gives no row for a connection by socket,
 * which has no address.
 */
export const SESSION_NAME = `SELECT ${NAME} AS name FROM information_schema.PROCESSLIST p
  WHERE p.ID = CONNECTION_ID() AND p.HOST LIKE '%:%'`;

/** Error numbers for a session that no longer exists and for one that this account may not end. */
const NOT_ENDED = new Set([1094, 1095, 1227]);

/**
 * Ends the named sessions that still exist and belong to the same account, which needs no privilege. Sessions on
 * another node hold no locks here, and the lease keeps them from committing.
 */
export async function endMysqlSessions(executor: Executor, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0;
  const rows: readonly DriverRow[] = await executor.query(
    `SELECT p.ID AS id FROM information_schema.PROCESSLIST p
     WHERE ${NAME} IN (${names.map(() => '?').join(', ')}) AND p.USER = SUBSTRING_INDEX(USER(), '@', 1) AND p.ID <> CONNECTION_ID()`,
    names,
  );
  let ended = 0;
  for (const { id } of rows) {
    try {
      await executor.execute(`KILL CONNECTION ${String(BigInt(String(id)))}`);
      ended += 1;
    } catch (error) {
      if (!NOT_ENDED.has(driverError(error).errno ?? 0)) throw error;
    }
  }
  return ended;
}

/** What the other end of a new connection reports before any setting is made. */
export interface Greeting {
  /** Thread id of the handshake, 32 bits. */
  readonly threadId: number;
  /** Version of the handshake. */
  readonly handshakeVersion: string;
  /** CONNECTION_ID(), 64 bits, as text. */
  readonly connectionId: string;
  /** VERSION(). */
  readonly version: string;
  /** @@version_comment, read by the exact statement that ProxySQL answers itself. */
  readonly comment: string;
}

/**
 * Names the proxy between this tool and the server that speaks MySQL's protocol itself: it hands a server connection,
 * with its settings, from one client to the next. null for a server, also behind a proxy that only forwards bytes
 * (HAProxy in TCP mode).
 *
 * A server greets with the number that CONNECTION_ID() returns, a proxy with a number of its own. The numbers may be
 * equal by chance, so version and comment are compared as well.
 */
export function sharingProxy(greeting: Greeting): string | null {
  const named = /ProxySQL|MaxScale|RDS ?Proxy|MySQL ?Router/i.exec(`${greeting.handshakeVersion} ${greeting.comment}`);
  if (named !== null) return named[0];
  const sameThread = BigInt.asUintN(32, BigInt(greeting.connectionId)) === BigInt(greeting.threadId);
  // MariaDB prefixes its version in the greeting, for old replicas.
  const sameVersion = greeting.handshakeVersion.replace(/^5\.5\.5-/, '') === greeting.version;
  return sameThread && sameVersion ? null : 'a proxy that speaks for the server';
}
