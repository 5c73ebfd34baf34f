import type { Database } from '../../db/database.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { serverMessage } from '../../db/driver-error.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';

const CODES: Readonly<Record<ErrorClass, ErrorCode>> = {
  conflict: 'DATABASE_BUSY',
  'connection-lost': 'DATABASE_UNREACHABLE',
  'too-large': 'DATABASE_FAILED',
  'disk-full': 'DISK_FULL',
  'row-too-large': 'ROW_TOO_LARGE',
  'login-refused': 'DATABASE_LOGIN',
  unreachable: 'DATABASE_UNREACHABLE',
  'no-such-database': 'DATABASE_NOT_FOUND',
  'permission-denied': 'MISSING_GRANT',
  'read-only': 'SERVER_READ_ONLY',
  fatal: 'DATABASE_FAILED',
};

const ADVICE: Readonly<Record<ErrorClass, string>> = {
  conflict: 'run the same command again at a quieter hour',
  'connection-lost': 'run the same command again when the server is back; what was committed stays',
  'too-large': 'use a smaller --batch-size',
  'disk-full': 'make room on the database server, then run the same command again; what was committed stays',
  'row-too-large': 'rebuild the table (MySQL and MariaDB: ALTER TABLE images FORCE), then run the same command again',
  'login-refused': 'check user and password in the address',
  unreachable: 'check host and port, and that the server runs',
  'no-such-database': 'check the database name in the address',
  'permission-denied': 'grant the database user what is missing',
  'read-only': 'name the writable primary in --database-url',
  fatal: "read the server's message; what was committed stays, and the same command goes on from there",
};

/** Turns a driver's error into a registered one. The message omits the SQL text, which may hold row contents. */
export function databaseFailure(database: Database, error: unknown, kind: ErrorClass): RetypeError {
  return new RetypeError(
    CODES[kind],
    [
      {
        place: database.label,
        expected: 'a statement that succeeds',
        found: serverMessage(error),
        advice: ADVICE[kind],
      },
    ],
    error,
  );
}
