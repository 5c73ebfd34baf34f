import { describe, expect, it } from 'vitest';

import { ERROR_CODES, ERRORS } from '../../src/model/error-codes.ts';

/** Codes are never renamed, removed or given another exit code: scripts depend on them. Add new ones at the end. */
const EXIT_CODES = `
  USAGE 2, CONFIRMATION_NEEDED 2, DATABASE_URL 2, GLANCE_CONF 2, RULES_FILE 2, DECISIONS_FILE 2, DECISIONS_GROWN 5, PLAN_FILE 2,
  NO_SUCH_IMAGE 2, OUTPUT_FILE 2, CREDENTIALS 2, IMAGE_API 8, DATABASE_UNREACHABLE 8, POOLER_MODE 5, DATABASE_LOGIN 8,
  DATABASE_CERTIFICATE 8, DATABASE_NOT_FOUND 8, DATABASE_FAILED 8, DISK_FULL 8, ROW_TOO_LARGE 5, DDL_FAILED 8, OUTCOME_UNKNOWN 8,
  DATABASE_BUSY 8, CONNECTION_SHARED 5, SERVER_TOO_OLD 5, NOT_GLANCE 5, GLANCE_TOO_OLD 5, GLANCE_HALF_MIGRATED 5,
  TABLE_NOT_TRANSACTIONAL 5, COLUMN_UPDATES_ITSELF 5, TRIGGER_WRITES 5, TABLE_VERSIONED 5, ROWS_HIDDEN 5, DISK_ROOM 5,
  FOREIGN_COLUMN 5, FOREIGN_TABLE 5, MISSING_GRANT 5, SERVER_READ_ONLY 5, NOT_EXPANDED 5, ALREADY_EXPANDED 5, META_UNKNOWN 5,
  RUN_MISMATCH 5, LEASE_HELD 6, LEASE_WAIT_STOPPED 3, LEASE_LOST 6, ROW_UNREADABLE 5, NO_SUCH_RUN 2, INTERNAL 1, NODE_TOO_OLD 2,
  SQLITE_UNAVAILABLE 2, SCRATCH_NOT_EMPTY 5, STOPPED 3, SERVICES_FILE 2`;

describe('the registry of errors', () => {
  it('keeps every code with its exit code', () => {
    const known = EXIT_CODES.split(',').map((entry) => entry.trim());
    expect(ERROR_CODES.map((code) => `${code} ${ERRORS[code].exit}`)).toEqual(expect.arrayContaining(known));
  });
  it.each(ERROR_CODES)('%s has a title of one line and a paragraph', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(ERRORS[code].title).toMatch(/^[a-z][^.\n]*$/);
    expect(ERRORS[code].text).toMatch(/^[A-Za-z][^\n]+\.$/);
  });
});
