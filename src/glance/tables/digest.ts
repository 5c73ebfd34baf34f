import type { Dialect, TableInfo } from '../../db/dialect.ts';
import type { DriverRow } from '../../db/database.ts';

/**
 * A number of rows and the sum of their digests, in any order. The server computes it again for the same rows, and a
 * difference shows that a row was added, removed or changed. Digests have 32 bits: one change in four billion is not
 * seen. Sums are exact up to two million rows.
 */
export interface RowsDigest {
  readonly rows: number;
  readonly sum: number;
}

/** `none`: the caller will not ask whether the rows have changed, so their digests are not read. */
export type Digested = 'none' | 'of-rows';

export const NO_ROWS: RowsDigest = { rows: 0, sum: 0 };

/** The column of a page that holds the digest of a row. */
export const DIGEST = 'row_digest';

/** Sums up the digests of rows as they were read. */
export function digestOf(rows: readonly DriverRow[]): RowsDigest {
  let sum = 0;
  for (const row of rows) sum += Number(row[DIGEST]);
  return { rows: rows.length, sum };
}

export function addDigests(one: RowsDigest, other: RowsDigest): RowsDigest {
  return { rows: one.rows + other.rows, sum: one.sum + other.sum };
}

export function sameDigest(one: RowsDigest, other: RowsDigest): boolean {
  return one.rows === other.rows && one.sum === other.sum;
}

/** The columns that `digestIn` reads. */
export function digestSelection(digest: string): string {
  return `COUNT(*) AS n, SUM(${digest}) AS total`;
}

/** Reads what the server counted and summed up. */
export function digestIn([row]: readonly DriverRow[]): RowsDigest {
  return { rows: Number(row?.['n'] ?? 0), sum: Number(row?.['total'] ?? 0) };
}

/**
 * SQL of columns as texts that can be joined: as they are where they have the character set and collation of the first,
 * and cast where not.
 */
export function joinable(
  dialect: Pick<Dialect, 'asText'>,
  { columns }: TableInfo,
  alias: string,
  names: readonly [string, ...string[]],
): readonly string[] {
  const found = new Map(columns.map((column) => [column.name, column]));
  const first = found.get(names[0]);
  return names.map((name) => {
    const column = found.get(name);
    const joins = column?.charset === first?.charset && column?.collation === first?.collation;
    return joins ? `${alias}.${name}` : dialect.asText(`${alias}.${name}`);
  });
}
