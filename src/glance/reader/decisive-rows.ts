import type { DriverRow, Executor } from '../../db/database.ts';
import type { TableBlocks } from '../../db/dialect.ts';
import { type Digested, digestOf, type RowsDigest } from '../tables/digest.ts';
import { keyText } from '../tables/driver-value.ts';
import { readPacked } from '../tables/packed-rows.ts';
import type { ScanRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import { pageStatement, POSITION } from './image-row.ts';

/** Rows column by column: no object is made for a row. */
export interface DecisiveRows {
  readonly ids: readonly string[];
  readonly names: readonly (string | null)[];
  /** Texts of `shapeColumn`, not parsed. */
  readonly shapes: readonly string[];
}

/** Consecutive rows in scan order. */
interface DecisivePage extends DecisiveRows {
  /** Position of the last row; null where there is none. */
  readonly until: string | null;
}

/**
 * Reads ids, names and shapes of a page.
 * @returns null where a row must be read column by column: no Glance wrote its shape or its name.
 */
export async function readDecisiveRows(
  executor: Executor,
  schema: GlanceSchema,
  range: ScanRange,
  pageSize: number,
  digested: Digested,
): Promise<(DecisivePage & { readonly digest: RowsDigest }) | null> {
  const page = pageStatement(schema, 'decisive', range, pageSize, digested);
  const rows = await executor.query(page.sql, page.bindings);
  const columns = columnsOf(rows);
  const until = keyText(rows.at(-1)?.[schema.scan.kind === 'key' ? 'id' : POSITION]);
  return columns === null ? null : { ...columns, until, digest: digestOf(rows) };
}

/** Reads the same packed, where that can be done. Each text that is cut from a packed page holds it as a whole. */
async function readPackedRows(
  executor: Executor,
  schema: GlanceSchema,
  range: ScanRange,
  pageSize: number,
): Promise<DecisivePage | null> {
  const page = pageStatement(schema, 'decisive', range, pageSize);
  const position = schema.scan.kind === 'key' ? [] : [POSITION];
  const packed = await readPacked(executor, schema, page, ['id', 'name', 'shape', ...position]);
  if (packed === null) return readDecisiveRows(executor, schema, range, pageSize, 'none');
  const [ids = [], names = [], shapes = [], positions = ids] = packed.lists;
  return isWhole(ids) && isWhole(shapes) ? { ids, names, shapes, until: positions.at(-1) ?? null } : null;
}

function isWhole(texts: readonly (string | null)[]): texts is readonly string[] {
  return !texts.includes(null);
}

function columnsOf(rows: readonly DriverRow[]): DecisiveRows | null {
  const ids: string[] = [];
  const names: (string | null)[] = [];
  const shapes: string[] = [];
  for (const { id: key, name, shape } of rows) {
    const id = keyText(key);
    if (id === null || typeof shape !== 'string' || (typeof name !== 'string' && name !== null)) return null;
    ids.push(id);
    names.push(name);
    shapes.push(shape);
  }
  return { ids, names, shapes };
}

/**
 * Reads the whole table in scan order. The next page is read while the caller works on one. Yields null in place of a
 * page that must be read column by column.
 */
export async function* decisivePages(
  executor: Executor,
  schema: GlanceSchema,
  pageSize: () => number,
): AsyncGenerator<DecisiveRows | null, void, undefined> {
  const read = (after: string | null): Promise<DecisivePage | null> =>
    held(readPackedRows(executor, schema, { after, until: null }, pageSize()));
  let next = read(null);
  try {
    for (;;) {
      const page = await next;
      if (page !== null && page.until === null) return;
      if (page !== null && page.until !== null) next = read(page.until);
      yield page;
      if (page === null) return;
    }
  } finally {
    await Promise.allSettled([next]);
  }
}

/** Blocks of the first page. */
const FIRST_BLOCKS = 50;

/**
 * Reads the whole table block by block, in no order of its keys. Otherwise as `decisivePages`.
 *
 * @param executor of a transaction that sees one snapshot: a row moves when it is updated.
 * @param end number of blocks.
 */
export async function* decisiveBlocks(
  executor: Executor,
  schema: GlanceSchema,
  { blocks, end }: { readonly blocks: TableBlocks; readonly end: number },
  pageSize: () => number,
): AsyncGenerator<DecisiveRows | null, void, undefined> {
  const read = (first: number, count: number): Promise<DecisiveRows | null> =>
    held(readBlocks(executor, schema, blocks.within('i', first, first + count)));
  let count = FIRST_BLOCKS;
  let next = read(0, count);
  try {
    for (let first = 0; first < end;) {
      const page = await next;
      first += count;
      const density = (page?.ids.length ?? 0) / count;
      count = Math.max(1, Math.min(end, Math.round(pageSize() / Math.max(1, density))));
      if (page !== null && first < end) next = read(first, count);
      yield page;
      if (page === null) return;
    }
  } finally {
    await Promise.allSettled([next]);
  }
}

async function readBlocks(executor: Executor, schema: GlanceSchema, within: string): Promise<DecisiveRows | null> {
  const sql = `SELECT i.id, i.name, ${schema.shape} AS shape FROM images i WHERE ${within}`;
  const packed = await readPacked(executor, schema, { sql, bindings: [] }, ['id', 'name', 'shape']);
  if (packed === null) return columnsOf(await executor.query(sql));
  const [ids = [], names = [], shapes = []] = packed.lists;
  return isWhole(ids) && isWhole(shapes) ? { ids, names, shapes } : null;
}

/**
 * Marks a failure as handled: it reaches the code that awaits the promise, and a caller that stops early never does.
 */
export function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
