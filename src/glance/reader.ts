import type { DriverRow, Executor } from '../db/database.ts';
import { RetypeError } from '../model/error.ts';
import type { ImageEvidence, ImageRecord } from '../model/image.ts';
import type { RowComplaints } from './driver-value.ts';
import { assembleEvidence } from './evidence.ts';
import { imageColumns, readImageRow } from './image-row.ts';
import { keyLists } from './key-binding.ts';
import { pageStatement } from './page-statement.ts';
import { readListedProperties, readPageProperties } from './properties.ts';
import type { References } from './references.ts';
import type { GlanceSchema } from './schema.ts';

/** A run of rows in key order, soft-deleted ones included; never empty. */
export interface ImagePage {
  readonly images: readonly ImageEvidence[];
  /** Keys of the first and the last row, as read. */
  readonly firstKey: string;
  readonly lastKey: string;
}

export interface PageRequest {
  /** Key to begin behind, as an earlier page gave it; null begins at the first row. */
  readonly after: string | null;
  /** Rows a page, at least 1. */
  readonly pageSize: number;
}

/**
 * Pages through `images` by key. While the caller works on a page, the next one is being read. Only a page without rows ends
 * the table: behind a short one, rows may have come since. The caller may stop at any time.
 *
 * @throws RetypeError ROW_UNREADABLE, naming every such row of a page.
 */
export async function* readPages(
  executor: Executor,
  schema: GlanceSchema,
  references: References,
  { after, pageSize }: PageRequest,
): AsyncGenerator<ImagePage, void, undefined> {
  const read = (key: string | null): Promise<ImagePage | null> => {
    const page = readPage(executor, schema, references, { after: key, pageSize });
    // A failure belongs to whoever awaits the page; a caller who stops early never will.
    page.catch(() => {});
    return page;
  };
  let next = read(after);
  try {
    for (let page = await next; page !== null; page = await next) {
      next = read(page.lastKey);
      yield page;
    }
  } finally {
    // The connection is idle again when the loop is left, so that it can be closed.
    await next.catch(() => null);
  }
}

async function readPage(
  executor: Executor,
  schema: GlanceSchema,
  references: References,
  { after, pageSize }: PageRequest,
): Promise<ImagePage | null> {
  const { sql, bindings } = pageStatement(schema, after, pageSize);
  const records = validate(await executor.query(sql, bindings));
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) return null;

  const properties = await readPageProperties(executor, schema, { after, last: last.id, records });
  const images = await assembleEvidence(schema, records, properties, references);
  return { images, firstKey: first.id, lastKey: last.id };
}

/** Reads a few images by id, in the database's order; ids that no row has are left out. */
export async function readImages(
  executor: Executor,
  schema: GlanceSchema,
  references: References,
  ids: readonly string[],
): Promise<readonly ImageEvidence[]> {
  const records: ImageRecord[] = [];
  for (const list of keyLists(schema, ids)) {
    const sql = `SELECT ${imageColumns(schema)} FROM images WHERE id IN ${list.sql} ORDER BY id`;
    records.push(...validate(await executor.query(sql, list.bindings)));
  }
  const properties = await readListedProperties(executor, schema, records);
  return assembleEvidence(schema, records, properties, references);
}

/** Rows of `images`, soft-deleted ones included, for progress; one count over an index. */
export async function countImages(executor: Executor): Promise<number> {
  const [row] = await executor.query('SELECT COUNT(*) AS total FROM images');
  return Number(row?.['total'] ?? 0);
}

function validate(rows: readonly DriverRow[]): readonly ImageRecord[] {
  const complaints: RowComplaints = { problems: [] };
  const records: ImageRecord[] = [];
  for (const row of rows) {
    const record = readImageRow(row, complaints);
    if (record !== null) records.push(record);
  }
  const [first, ...rest] = complaints.problems;
  if (first !== undefined) throw new RetypeError('ROW_UNREADABLE', [first, ...rest]);
  return records;
}
