import type { Database } from '../../db/database.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { serverMessage } from '../../db/driver-error.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';

const FAILURES: Readonly<Record<ErrorClass, readonly [code: ErrorCode, advice: string]>> = {
  conflict: ['DATABASE_BUSY', 'run the same command again at a quieter hour'],
  'connection-lost': [
    'DATABASE_UNREACHABLE',
    'run the same command again when the server is back; what was committed stays',
  ],
  'too-large': ['DATABASE_FAILED', 'use a smaller --batch-size'],
  'disk-full': [
    'DISK_FULL',
    'make room on the database server, then run the same command again; what was committed stays',
  ],
  'row-too-large': [
    'ROW_TOO_LARGE',
    'rebuild the table (MySQL and MariaDB: ALTER TABLE images FORCE), then run the same command again',
  ],
  'login-refused': ['DATABASE_LOGIN', 'check user and password in the address'],
  unreachable: ['DATABASE_UNREACHABLE', 'check host and port, and that the server runs'],
  'no-such-database': ['DATABASE_NOT_FOUND', 'check the database name in the address'],
  'permission-denied': ['MISSING_GRANT', 'grant the database user what is missing'],
  'read-only': ['SERVER_READ_ONLY', 'name the writable primary in --database-url'],
  fatal: [
    'DATABASE_FAILED',
    "read the server's message; what was committed stays, and the same command goes on from there",
  ],
};

/** Turns a driver's error into a registered one. The message omits the SQL text, which may hold row contents. */
export function databaseFailure(database: Database, error: unknown, kind: ErrorClass): RetypeError {
  const [code, advice] = FAILURES[kind];
  const found = serverMessage(error);
  return new RetypeError(code, { place: database.label, expected: 'a statement that succeeds', found, advice }, error);
}
