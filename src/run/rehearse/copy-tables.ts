import type { Database } from '../../db/database.ts';
import { DDL_LIMITS, LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';
import type { EventListener } from '../../model/event.ts';
import { type StopRequest, stopRequested } from '../context/stop.ts';
import { addRow, digestColumns, NO_TABLE_ROWS, type TableDigest } from './rows-digest.ts';

/** Tables that a command reads, where this Glance has them. */
const NEEDED = ['images', 'image_properties', 'image_locations'] as const;

/** The key of each of them, in every release. */
const KEY = 'id';

export interface CopyContext {
  /** It cannot write: every statement to the source goes through it. */
  readonly reader: Database;
  readonly scratch: Database;
  /** Result columns of an earlier expand; the copy is made as if it had not been. */
  readonly leftOut: readonly string[];
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
}

/** What was read, table by table: the digests of the rows as the source's server gave them. */
export type CopiedTables = ReadonlyMap<string, TableDigest>;

export async function neededTables(reader: Database): Promise<readonly string[]> {
  const there = new Set(await reader.dialect.listTables(reader));
  return NEEDED.filter((table) => there.has(table));
}

/**
 * Copies the needed tables with their rows, indexes and constraints. Each page of rows is read in a transaction that
 * cannot write, and inserted in one of its own. What Glance writes meanwhile may be in it or not: a digest is of the
 * rows as they were read.
 */
export async function copyTables(context: CopyContext): Promise<CopiedTables | 'stopped'> {
  const { reader, scratch, leftOut, onEvent } = context;
  const tables = await neededTables(reader);
  const counts = new Map<string, number>();
  for (const table of tables) counts.set(table, await countRows(reader, table));
  onEvent({ kind: 'phase', phase: 'copy', total: [...counts.values()].reduce((sum, count) => sum + count, 0) });
  const copied = new Map<string, TableDigest>();
  await scratch.dialect.copying.admitOrphans(scratch);
  for (const table of tables) {
    const { create, afterRows } = await reader.dialect.copying.definition(reader, table);
    await runDdl(scratch, create);
    if (table === 'images' && leftOut.length > 0) await runDdl(scratch, scratch.dialect.dropColumns(table, leftOut));
    const before = [...copied.values()].reduce((sum, { rows }) => sum + rows, 0);
    const digest = await copyRows(context, table, before);
    if (digest === 'stopped') return 'stopped';
    copied.set(table, digest);
    await runDdl(scratch, afterRows);
  }
  await scratch.transaction(async (trx) => scratch.dialect.copying.settle(trx, tables));
  return copied;
}

async function runDdl(scratch: Database, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await scratch.transaction(async (trx) => scratch.dialect.copying.send(trx, statement, DDL_LIMITS));
  }
}

async function countRows(reader: Database, table: string): Promise<number> {
  const [row] = await reader.query(`SELECT COUNT(*) AS n FROM ${reader.dialect.quote(table)}`, [], LONG_READ_LIMITS);
  return Number(row?.['n'] ?? 0);
}

/** Rows of a page. Few, where rows are long: a page of them is held in memory. */
const PAGE = { first: 200, most: 2_000, characters: 1_000_000 };

/** Reads in the order of the key, or of the file where rows have numbers in it. @param before rows of other tables. */
async function copyRows(
  { reader, scratch, onEvent, stop }: CopyContext,
  table: string,
  before: number,
): Promise<TableDigest | 'stopped'> {
  const { rowNumber } = reader.dialect;
  const { copying } = scratch.dialect;
  const quote = (name: string): string => reader.dialect.quote(name);
  // Of the copy: it lacks the columns that were left out.
  const { columns, sql } = await copying.rowText(scratch, table);
  const key = rowNumber ?? quote(KEY);
  // The text of a row is made once, and digested after that.
  const pageAfter = (bound: string, limit: number): string =>
    `SELECT copy_key, copy_row, ${digestColumns(reader.dialect, 'copy_row')}
     FROM (SELECT ${key} AS copy_key, ${sql} AS copy_row FROM ${quote(table)} ${bound} ORDER BY ${key} LIMIT ${limit}) page
     ORDER BY copy_key`;
  const insert = `INSERT INTO ${quote(table)} (${columns.map(quote).join(', ')}) VALUES `;
  let digest = NO_TABLE_ROWS;
  let after: string | null = null;
  let size = PAGE.first;
  for (;;) {
    if (await stopRequested(stop)) return 'stopped';
    const rows = await reader.query(
      pageAfter(after === null ? '' : `WHERE ${key} > ?`, size),
      after === null ? [] : [rowNumber === null ? after : BigInt(after)],
    );
    if (rows.length === 0) return digest;
    let characters = 0;
    const tuples = rows.map((row) => {
      const tuple = row['copy_row'];
      // MySQL makes NULL of a text that is longer than a packet.
      if (typeof tuple !== 'string') throw new TypeError(`a row of ${table} has no text: it is longer than a packet`);
      digest = addRow(digest, row);
      characters += tuple.length;
      return tuple;
    });
    await scratch.transaction(async (trx) => {
      for (const statement of statementsOf(insert, tuples)) await copying.send(trx, statement);
    });
    after = String(rows.at(-1)?.['copy_key']);
    onEvent({ kind: 'progress', done: before + digest.rows });
    size = characters > PAGE.characters ? Math.max(1, size >> 1) : Math.min(PAGE.most, size * 2);
  }
}

/** Statements of about `PAGE.characters` each at most; a longer row is one by itself. */
function* statementsOf(insert: string, tuples: readonly string[]): Generator<string> {
  let text = '';
  for (const tuple of tuples) {
    if (text !== '' && text.length + tuple.length > PAGE.characters) {
      yield insert + text;
      text = '';
    }
    text += text === '' ? tuple : `,${tuple}`;
  }
  if (text !== '') yield insert + text;
}
