import { LOCK_WAIT_S } from '../pool.ts';

/** What the server says of itself. */
export interface MysqlServer {
  readonly flavour: 'MariaDB' | 'MySQL';
  /** `10.11.19`, without distribution suffixes. */
  readonly version: string;
  readonly galera: boolean;
  /** Bytes. */
  readonly maxAllowedPacket: number;
}

/**
 * Statements that every connection starts with. The server's defaults, init_connect and my.cnf must not change a result:
 *
 * - sql_mode: strict, so that a value that does not fit fails instead of being cut; without the zero-date modes, because
 *   tables hold zero dates that an ALTER may have to copy; without NO_BACKSLASH_ESCAPES, which the driver's escaping
 *   relies on; without ANSI_QUOTES and PIPES_AS_CONCAT, which would read our SQL differently.
 * - READ COMMITTED: INSERT … SELECT and range UPDATEs under REPEATABLE READ lock gaps, and two lanes deadlock.
 * - short waits for row locks and for metadata locks: a live Glance queues behind our waiting ALTER.
 * - no statement time limit: the server's is meant for web requests, a page of ten thousand rows may take longer.
 * - wsrep_sync_wait: on Galera a read after a write on another node may miss it.
 */
export function sessionStatements(server: Pick<MysqlServer, 'flavour' | 'galera'>): readonly string[] {
  const variables = [
    'autocommit = 1',
    "time_zone = '+00:00'",
    "sql_mode = 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    `innodb_lock_wait_timeout = ${LOCK_WAIT_S}`,
    // MariaDB's DDL sets its own, shorter one.
    `lock_wait_timeout = ${server.flavour === 'MySQL' ? 1 : 5}`,
    'wait_timeout = 28800',
    'net_read_timeout = 120',
    'net_write_timeout = 600',
    'sql_safe_updates = 0',
    'sql_select_limit = 18446744073709551615',
    server.flavour === 'MariaDB' ? 'max_statement_time = 0' : 'max_execution_time = 0',
    ...(server.galera ? ['wsrep_sync_wait = 1'] : []),
  ];
  return [
    'SET NAMES utf8mb4',
    `SET SESSION ${variables.join(', SESSION ')}`,
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  ];
}
