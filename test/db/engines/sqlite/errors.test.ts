import { describe, expect, it } from 'vitest';
import { classifySqliteError } from '../../../../src/db/engines/sqlite/errors.ts';

describe('classifySqliteError', () => {
  it.each([
    ['SQLITE_BUSY', 'conflict'],
    ['SQLITE_BUSY_SNAPSHOT', 'conflict'],
    ['SQLITE_LOCKED_SHAREDCACHE', 'conflict'],
    ['SQLITE_READONLY_ROLLBACK', 'read-only'],
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_CANTOPEN_ISDIR', 'unreachable'],
    ['SQLITE_PERM', 'permission-denied'],
    ['SQLITE_AUTH', 'permission-denied'],
    ['SQLITE_NOTADB', 'no-such-database'],
    ['SQLITE_CORRUPT_INDEX', 'no-such-database'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'fatal'],
    ['SQLITE_IOERR', 'fatal'],
  ] as const)('%s is %s', (code, expected) => {
    expect(classifySqliteError(Object.assign(new Error('x'), { code }))).toBe(expected);
  });

  it('takes a closed connection for a lost one, and an error without a code for a defect', () => {
    expect(classifySqliteError(new TypeError('The database connection is not open'))).toBe('connection-lost');
    expect(classifySqliteError(new TypeError('anything'))).toBe('fatal');
    expect(classifySqliteError(undefined)).toBe('fatal');
  });
});
