import { describe, expect, it } from 'vitest';

import type { ColumnInfo, TableInfo } from '../../../src/db/dialect.ts';
import {
  addDigests,
  digestIn,
  digestOf,
  digestSelection,
  joinable,
  NO_ROWS,
  sameDigest,
} from '../../../src/glance/tables/digest.ts';

const rows = [3, '4', 5n].map((digest) => ({ id: 'any', row_digest: digest }));

describe('a digest of rows', () => {
  it('is their number and the sum of theirs, as any driver tells it', () => {
    expect(digestOf(rows)).toEqual({ rows: 3, sum: 12 });
    expect(digestOf([])).toEqual(NO_ROWS);
    // PostgreSQL hashes to numbers below zero as well.
    expect(digestOf([{ row_digest: '-2147483648' }, { row_digest: 1 }])).toEqual({ rows: 2, sum: -2_147_483_647 });
  });

  it('of two lists of rows is that of both together', () => {
    expect(addDigests(digestOf(rows.slice(0, 1)), digestOf(rows.slice(1)))).toEqual(digestOf(rows));
    expect(addDigests(digestOf(rows), NO_ROWS)).toEqual(digestOf(rows));
  });

  it('is exact for two million rows', () => {
    const million = { rows: 1_000_000, sum: 1_000_000 * 0xffff_ffff };
    const both = addDigests(million, million);
    expect(sameDigest(both, { ...both, sum: both.sum - 1 })).toBe(false);
    expect(BigInt(both.sum)).toBe(2_000_000n * 0xffff_ffffn);
  });

  it('is another one where the number or the sum is another one', () => {
    const one = { rows: 2, sum: 7 };
    expect(sameDigest(one, { rows: 2, sum: 7 })).toBe(true);
    expect(sameDigest(one, { rows: 3, sum: 7 })).toBe(false);
    expect(sameDigest(one, { rows: 2, sum: 8 })).toBe(false);
  });

  it('is read as the server tells it; the sum of no rows is NULL', () => {
    expect(digestSelection('x')).toBe('COUNT(*) AS n, SUM(x) AS total');
    expect(digestIn([{ n: '2', total: '8589934590' }])).toEqual({ rows: 2, sum: 8_589_934_590 });
    expect(digestIn([{ n: 0n, total: null }])).toEqual(NO_ROWS);
    expect(digestIn([])).toEqual(NO_ROWS);
  });
});

describe('columns that are joined into one text', () => {
  const column = (name: string, charset: string | null, collation: string | null): ColumnInfo => {
    return { name, type: 'varchar(9)', nullable: true, charset, collation };
  };
  const table: Partial<TableInfo> = {
    columns: [
      column('id', 'utf8mb4', 'utf8mb4_bin'),
      column('name', 'utf8mb4', 'utf8mb4_bin'),
      column('status', 'utf8mb4', 'utf8mb4_general_ci'),
      column('owner', 'latin1', 'latin1_bin'),
      column('size', null, null),
    ],
  };

  it('are cast unless they have the character set and the collation of the first', () => {
    const dialect = { asText: (expression: string) => `TEXT(${expression})` };
    expect(joinable(dialect, table as TableInfo, 'i', ['id', 'name', 'status', 'owner', 'size'])).toEqual([
      'i.id',
      'i.name',
      'TEXT(i.status)',
      'TEXT(i.owner)',
      'TEXT(i.size)',
    ]);
    expect(joinable(dialect, table as TableInfo, 'p', ['owner', 'id'])).toEqual(['p.owner', 'TEXT(p.id)']);
  });
});
