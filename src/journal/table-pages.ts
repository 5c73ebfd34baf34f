import type { DriverRow, Executor, SqlValue } from '../db/database.ts';
import { TABLE_KEYS } from './tables.ts';

/** Narrow rows that are read at once. */
export const PAGE_ROWS = 5_000;

/** Rows to be read in the order of a unique key. */
export interface KeyedRows {
  /** `SELECT … FROM …` without a condition; it must select the columns of the key. */
  readonly select: string;
  /** Names of columns, with an alias where the SELECT needs one. */
  readonly key: readonly string[];
}

/** All columns of one of the tool's tables, in the order of its primary key. */
export function wholeTable(table: keyof typeof TABLE_KEYS): KeyedRows {
  return { select: `SELECT * FROM ${table}`, key: TABLE_KEYS[table] };
}

/** Values of the key of one row. */
export type KeyValues = readonly SqlValue[];

/** Reads rows page by page, in the database's order of the key. Holds one page at a time. */
export async function* tablePages(
  executor: Executor,
  rows: KeyedRows,
  pageSize: number,
): AsyncGenerator<readonly DriverRow[], void, undefined> {
  let after: KeyValues | null = null;
  for (;;) {
    const page: readonly DriverRow[] = await readPart(executor, rows, { after, until: null }, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    after = keyOf(rows, last);
  }
}

export function keyOf({ key }: KeyedRows, row: DriverRow): KeyValues {
  return key.map((column) => row[column.slice(column.indexOf('.') + 1)] as SqlValue);
}

/** Reads the rows after one key (exclusive) up to another (inclusive). */
export async function readPart(
  executor: Executor,
  { select, key }: KeyedRows,
  { after, until }: { readonly after: KeyValues | null; readonly until: KeyValues | null },
  limit: number | null,
): Promise<readonly DriverRow[]> {
  const conditions = [
    ...(after === null ? [] : [ordered(key, '>', '>')]),
    ...(until === null ? [] : [ordered(key, '<', '<=')]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return executor.query(
    `${select}${where} ORDER BY ${key.join(', ')}${limit === null ? '' : ` LIMIT ${limit}`}`,
    [after, until].flatMap((values) => values?.flatMap((_, index) => values.slice(0, index + 1)) ?? []),
  );
}

/** SQL that compares a key column by column: no engine uses an index for `(a, b) > (?, ?)` in every version. */
function ordered(key: readonly string[], compare: string, last: string): string {
  const alternatives = key.map((column, index) => {
    const equal = key.slice(0, index).map((before) => `${before} = ?`);
    return [...equal, `${column} ${index === key.length - 1 ? last : compare} ?`].join(' AND ');
  });
  return `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`;
}

/** Values of one IN list: well below every engine's limit on bound values. */
export const LIST_LENGTH = 500;

/** Cuts values into lists that fit one statement each. */
export function* inLists<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += LIST_LENGTH) {
    yield items.slice(start, start + LIST_LENGTH);
  }
}

/** The marks of one list: `?, ?, ?`. */
export function marks(list: readonly unknown[]): string {
  return list.map(() => '?').join(', ');
}
