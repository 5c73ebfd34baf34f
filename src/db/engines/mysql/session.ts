import { LOCK_WAIT_S, OPEN_TRANSACTION_S } from '../../transaction/pool-settings.ts';

/** What the server says of itself. */
export interface MysqlServer {
  readonly flavour: 'MariaDB' | 'MySQL';
  /** `10.11.19`, without distribution suffixes. */
  readonly version: string;
  readonly galera: boolean;
  /** Bytes. */
  readonly maxAllowedPacket: number;
}

/** How long the pool keeps a connection that nobody uses, milliseconds: half of what the server allows it. */
export const POOLED_MS = (OPEN_TRANSACTION_S * 1000) / 2;

/** MariaDB's own limits for a session in a transaction, which go before wait_timeout where the server has set them. */
const IDLE_TRANSACTIONS = [
  'idle_transaction_timeout',
  'idle_write_transaction_timeout',
  'idle_readonly_transaction_timeout',
];

/**
 * Statements that every connection starts with; no other client ever gets it. The server's defaults, init_connect and my.cnf must not
 * change a result:
 *
 * - sql_mode: strict, so that a value that does not fit fails instead of being cut; without the zero-date modes, because
 *   tables hold zero dates that an ALTER may have to copy; without NO_BACKSLASH_ESCAPES, which the driver's escaping
 *   relies on; without ANSI_QUOTES and PIPES_AS_CONCAT, which would read our SQL differently.
 * - READ COMMITTED: INSERT … SELECT and range UPDATEs under REPEATABLE READ lock gaps, and two lanes deadlock.
 * - completion_type: a transaction begun by itself, or a connection that ends, after COMMIT would break the next one.
 * - short waits for row locks and for metadata locks: a live Glance queues behind our waiting ALTER.
 * - short idle limits, also while a statement is on its way: a frozen runner holds nobody up. MySQL has none for transactions, so
 *   wait_timeout is short as well; the pool lets go of idle connections sooner.
 * - no statement time limit: the server's is meant for web requests, a page of ten thousand rows may take longer.
 * - wsrep_sync_wait: on Galera a read after a write on another node may miss it.
 * - wsrep_OSU_method: with RSU an ALTER reaches one node alone, and the next write set throws that node out of the cluster.
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
