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
