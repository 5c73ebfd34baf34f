import type { Database } from '../../db/database.ts';
import type { Dialect } from '../../db/dialect.ts';
import { LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';

/**
 * How many rows a table has, and two sums over digests of 32 bits of each: a row that is lost, added or changed in one
 * byte is not seen once in 18 quintillion times. The order of rows does not matter.
 */
export interface TableDigest {
  readonly rows: number;
  readonly sums: readonly [first: bigint, second: bigint];
}

export const NO_TABLE_ROWS: TableDigest = { rows: 0, sums: [0n, 0n] };

/** Names of the columns that `digestColumns` selects. */
const FIRST = 'digest_first';
const SECOND = 'digest_second';

/** SQL of both digests of a row, for a page of rows. */
export function digestColumns({ copying }: Dialect, text: string): string {
  return `${copying.digest(text, 'first')} AS ${FIRST}, ${copying.digest(text, 'second')} AS ${SECOND}`;
}

/** Adds a row that was read with `digestColumns`. */
export function addRow(
  { rows, sums: [first, second] }: TableDigest,
  row: Readonly<Record<string, unknown>>,
): TableDigest {
  return { rows: rows + 1, sums: [first + integer(row[FIRST]), second + integer(row[SECOND])] };
}

/** Lets the server add up all rows of a table or view. @param omitted columns that do not count. */
export async function readTableDigest(
  database: Database,
  table: string,
  omitted: readonly string[] = [],
): Promise<TableDigest> {
  const { dialect } = database;
  const { copying } = dialect;
  const { sql } = await copying.rowText(database, table, omitted);
  const [row] = await database.query(
    `SELECT COUNT(*) AS n, SUM(${copying.digest(sql, 'first')}) AS ${FIRST}, SUM(${copying.digest(sql, 'second')}) AS ${SECOND}
     FROM ${dialect.quote(table)}`,
    [],
    LONG_READ_LIMITS,
  );
  const sums = [integer(row?.[FIRST]), integer(row?.[SECOND])] as const;
  return { rows: Number(row?.['n'] ?? 0), sums };
}

/** For a person and for comparisons: `1204 rows 00000a…`. */
export function digestText({ rows, sums: [first, second] }: TableDigest): string {
  return `${rows} rows ${hex(first)}${hex(second)}`;
}

/** 32 bits and the carries of two billion rows. */
function hex(sum: bigint): string {
  return sum.toString(16).padStart(16, '0');
}

/** Drivers give a sum as a number, a bigint, or text, and nothing of no rows. */
function integer(value: unknown): bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : 0n;
}
