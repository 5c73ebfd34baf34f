import { classifySocketError, driverError } from '../../driver-error.ts';
import type { ErrorClass } from '../../dialect.ts';

/** Server error numbers (MySQL 8.0 and MariaDB error references; the Galera ones measured on MariaDB 10.11). */
const CLASS_BY_ERRNO: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [1205, 'conflict'], // lock wait time-out
  [1213, 'conflict'], // deadlock; on Galera also a certification conflict
  [3101, 'conflict'], // group replication rolled the transaction back
  [1020, 'conflict'], // record has changed since last read (innodb_snapshot_isolation)
  [1047, 'connection-lost'], // WSREP has not yet prepared node: another node may be
  [1053, 'connection-lost'], // server shutdown
  [1927, 'connection-lost'], // MariaDB: connection was killed
  [2006, 'connection-lost'],
  [2013, 'connection-lost'],
  [2055, 'connection-lost'],
  [3169, 'connection-lost'], // MySQL: session was killed
  [4031, 'connection-lost'], // MySQL: disconnected by the server because of inactivity
  [1153, 'too-large'], // packet bigger than max_allowed_packet
  [1197, 'too-large'], // transaction bigger than max_binlog_cache_size
  [1021, 'disk-full'],
  [1114, 'disk-full'], // table is full: the file, the file system or a quota
  [1118, 'row-too-large'],
  [1040, 'unreachable'], // too many connections
  [1129, 'unreachable'], // host is blocked because of many connection errors
  [1203, 'unreachable'], // user has too many connections
  [2002, 'unreachable'],
  [2003, 'unreachable'],
  [2005, 'unreachable'],
  [1045, 'login-refused'],
  [1130, 'login-refused'], // host is not allowed to connect
  [1698, 'login-refused'],
  [1820, 'login-refused'], // password expired
  [1862, 'login-refused'],
  [3118, 'login-refused'], // account locked
  [3159, 'login-refused'], // the server insists on TLS
  [4151, 'login-refused'], // MariaDB: account locked
  [1049, 'no-such-database'],
  [1044, 'permission-denied'],
  [1142, 'permission-denied'],
  [1143, 'permission-denied'],
  [1227, 'permission-denied'],
  [1370, 'permission-denied'],
  [1290, 'read-only'],
  [1792, 'read-only'],
  [1836, 'read-only'],
  [3100, 'fatal'],
]);

/** Errors that mysql2 raises itself; they have a code but no server number. */
const CLASS_BY_CODE: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['PROTOCOL_CONNECTION_LOST', 'connection-lost'],
  ['PROTOCOL_SEQUENCE_TIMEOUT', 'connection-lost'],
  ['PROTOCOL_UNEXPECTED_PACKET', 'connection-lost'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'login-refused'],
  ['HANDSHAKE_SSL_ERROR', 'login-refused'],
]);

/**
 * The server could not write a file, by its operating system's error (28: ENOSPC, 122: EDQUOT). Server numbers vary: 3,
 * 1026, 1030, 1180.
 */
const DISK_FULL = /\b(?:errno|errcode|error):? (?:28|122)\b|No space left on device|Disk quota exceeded/i;

/** What an error of mysql2 or of the server means. */
export function classifyMysqlError(error: unknown): ErrorClass {
  const seen = driverError(error);
  if (DISK_FULL.test(seen.message) && (seen.errno ?? 0) > 0) return 'disk-full';
  if (seen.errno === 1180 || seen.errno === 1105) return classifyWriteSetError(seen.message);
  if (isAccountLimit(seen.errno, seen.message)) return 'unreachable';
  // libuv numbers its errors below zero; the server's are above 1000.
  if (seen.errno !== null && seen.errno > 1000) return CLASS_BY_ERRNO.get(seen.errno) ?? 'fatal';
  const socket = classifySocketError(seen);
  if (socket !== null) {
    // mysql2 says ETIMEDOUT when the handshake does not come: there was no connection to lose.
    return seen.code === 'ETIMEDOUT' && seen.message.startsWith('connect') ? 'unreachable' : socket;
  }
  const known = seen.code === null ? undefined : CLASS_BY_CODE.get(seen.code);
  if (known !== undefined) return known;
  // A statement on a connection that mysql2 itself has closed.
  return /closed state|Connection lost|Server closed the connection/i.test(seen.message) ? 'connection-lost' : 'fatal';
}

/** No connection left, of the server's or of the account's. */
export function isMysqlFull(error: unknown): boolean {
  const { errno, message } = driverError(error);
  return errno === 1040 || errno === 1203 || isAccountLimit(errno, message) || message === 'connect ETIMEDOUT';
}

/** 1226 stands for every limit of an account; the others are hourly limits. */
function isAccountLimit(errno: number | null, message: string): boolean {
  return errno === 1226 && /max_user_connections/.test(message);
}

/** On Galera 1180 (error during COMMIT) and 1105 (unknown) may be permanent or transient; only the text shows which. */
function classifyWriteSetError(message: string): ErrorClass {
  if (/wsrep_max_ws_rows|writeset size exceeded|write ?set.*too (?:big|large)/i.test(message)) return 'too-large';
  if (/not connected to primary component|WSREP has not yet prepared/i.test(message)) return 'connection-lost';
  return /deadlock|conflict|error 35\b/i.test(message) ? 'conflict' : 'fatal';
}
