import { classifySocketError, driverError } from '../../driver-error.ts';
import type { ErrorClass } from '../../dialect.ts';

/** SQLSTATE (PostgreSQL documentation, appendix A). */
const CLASS_BY_STATE: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['40001', 'conflict'],
  ['40P01', 'conflict'],
  ['55P03', 'conflict'], // lock_not_available: lock_timeout
  // query_canceled: the role's statement_timeout struck before BEGIN had switched it off, or a person cancelled;
  // nothing was done.
  ['57014', 'conflict'],
  ['57P01', 'connection-lost'], // admin_shutdown: also pg_terminate_backend
  ['57P02', 'connection-lost'], // crash_shutdown
  ['57P05', 'connection-lost'], // idle_session_timeout
  ['25P03', 'connection-lost'], // idle_in_transaction_session_timeout
  ['57P03', 'unreachable'], // cannot_connect_now: starting or stopping
  ['53300', 'unreachable'], // too_many_connections
  ['53100', 'disk-full'],
  ['54011', 'row-too-large'], // too_many_columns
  ['54000', 'too-large'],
  ['25006', 'read-only'],
  ['28000', 'login-refused'],
  ['28P01', 'login-refused'],
  ['3D000', 'no-such-database'],
  ['42501', 'permission-denied'],
]);

/** Whether the server, the database or the role has no connection left; PgBouncer has no SQLSTATE for it. */
export function isPostgresFull(error: unknown): boolean {
  const { code, message } = driverError(error);
  return code === '53300' || /no more connections allowed|timeout expired/.test(message);
}

/** What an error of node-postgres or of the server means. */
export function classifyPostgresError(error: unknown): ErrorClass {
  const seen = driverError(error);
  // PgBouncer with pool_mode = statement reports it as a protocol error; waiting does not help.
  if (/transaction blocks not allowed/.test(seen.message)) return 'fatal';
  const socket = classifySocketError(seen);
  if (socket !== null) return socket;
  if (seen.code !== null && /^[0-9A-Z]{5}$/.test(seen.code)) {
    return CLASS_BY_STATE.get(seen.code) ?? (seen.code.startsWith('08') ? 'connection-lost' : 'fatal');
  }
  // node-postgres gives these no code.
  if (/timeout expired|terminated due to connection timeout/.test(seen.message)) return 'unreachable';
  if (/Connection terminated|Connection error|not queryable|connection was closed/i.test(seen.message)) {
    return 'connection-lost';
  }
  return /SASL|password must be a string|does not support SSL/i.test(seen.message) ? 'login-refused' : 'fatal';
}
