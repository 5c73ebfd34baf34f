import { driverError } from '../../driver-error.ts';
import type { ErrorClass } from '../../dialect.ts';

/**
 * What an error of better-sqlite3 means. Extended codes begin with the name of the primary one
 * (sqlite.org/rescode.html).
 */
export function classifySqliteError(error: unknown): ErrorClass {
  const { code, message } = driverError(error);
  if (code === null) return /database connection is not open/.test(message) ? 'connection-lost' : 'fatal';
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return 'conflict';
  if (code.startsWith('SQLITE_READONLY')) return 'read-only';
  if (code === 'SQLITE_FULL') return 'disk-full';
  if (code.startsWith('SQLITE_CANTOPEN')) return 'unreachable';
  if (/^SQLITE_(?:PERM|AUTH)/.test(code)) return 'permission-denied';
  // NOTADB and CORRUPT: a file is there, but no database in it.
  return /^SQLITE_(?:NOTADB|CORRUPT)/.test(code) ? 'no-such-database' : 'fatal';
}
