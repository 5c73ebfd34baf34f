import { LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';
import type { DriverRow, Executor } from '../../db/database.ts';
import { RetypeError } from '../../model/error.ts';
import type { ImageEvidence, ImageRecord } from '../../model/image.ts';
import type { RowComplaints } from '../tables/driver-value.ts';
import type { ScanRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import { keyText } from '../tables/driver-value.ts';
import { keyLists } from '../tables/keys.ts';
import { withinRange } from '../tables/scan-order.ts';
import { type Digested, digestOf, type RowsDigest } from '../tables/digest.ts';
import { EvidencePage, numbersOf } from './evidence.ts';
import { imageColumns, readImageRow, type PageColumns, pageStatement, POSITION } from './image-row.ts';
import { type PropertiesByImage, readListedProperties, readPageProperties } from '../properties/properties.ts';
import type { PropertyCache } from '../properties/cache.ts';
import type { References } from '../references/references.ts';
import { held, readDecisiveRows } from './decisive-rows.ts';
import { RowShapes, shapedRecords } from './shaped-row.ts';

/** Consecutive rows in scan order, soft-deleted ones included; never empty. */
export interface ImagePage {
  readonly evidence: EvidencePage;
  /** From after the previous page up to its last row. */
  readonly range: { readonly after: string | null; readonly until: string };
  /** Of its rows as they were read; of no meaning where no digest was asked for. */
  readonly digest: RowsDigest;
}

export interface PageRequest {
  /** The part of the table to read. */
  readonly range: ScanRange;
  /**
   * `decisive`: owner, size and min_disk are not read, where the table allows it; then reading them from an image is an
   * error.
   */
  readonly columns: PageColumns;
  readonly digest: Digested;
  /** Rows of the next page, at least 1; asked before each page. */
  readonly pageSize: () => number;
  /** Called with the time of each query: for rows, with their number, and for their properties. */
  readonly onRead: (what: 'rows' | 'properties', rows: number, milliseconds: number) => void;
  /** The properties of every image, where they were read before; null: properties are read with each page. */
  readonly cache: PropertyCache | null;
}

/**
 * Reads `images` page by page. While the caller works on a page, the next one is joined with its properties, and the
 * rows of the one after that are being read. Only a page without rows ends the range: rows may have been added after a
 * short one. The caller may stop at any time.
 *
 * @throws RetypeError ROW_UNREADABLE, naming every such row of a page.
 */
export async function* readPages(
  executor: Executor,
  schema: GlanceSchema,
  references: References,
  { range, columns, digest, pageSize, cache, onRead }: PageRequest,
): AsyncGenerator<ImagePage, void, undefined> {
  const readRows = rowReader(executor, schema, columns, digest);
  const readNext = async (after: string | null): Promise<RowPage | null> => {
    const began = performance.now();
    const page = await readRows({ after, until: range.until }, pageSize());
    onRead('rows', page?.records.length ?? 0, performance.now() - began);
    return page;
  };
  const joinRows = async ({ records, range: own, digest: read }: RowPage): Promise<ImagePage> => {
    const began = performance.now();
    const numbers = numbersOf(records, references);
    const properties = await propertiesBeside(executor, schema, { records, numbers, range: own, cache });
    onRead('properties', records.length, performance.now() - began);
    const parts = { records, numbers, properties, cache, references };
    return { evidence: await EvidencePage.of(schema, parts), range: own, digest: read };
  };
  const read = (after: string | null): Promise<RowPage | null> => held(readNext(after));
  const join = (page: RowPage): Promise<ImagePage> => held(joinRows(page));
  let rows = read(range.after);
  let joined: Promise<ImagePage> | null = null;
  try {
    for (;;) {
      const [next]: [PromiseSettledResult<RowPage | null>] = await Promise.allSettled([rows]);
      const ready: Promise<ImagePage> | null = joined;
      const page = next.status === 'fulfilled' ? next.value : null;
      if (page !== null) {
        rows = read(page.range.until);
        joined = join(page);
      }
      // Rows read before a failure are still handed out.
      if (ready !== null) yield await ready;
      if (next.status === 'rejected') throw next.reason;
      if (page === null) return;
    }
  } finally {
    // The connections are idle when the loop ends, so that they can be closed.
    await Promise.allSettled([rows, joined]);
  }
}

interface RowPage {
  readonly records: readonly ImageRecord[];
  readonly range: ImagePage['range'];
  readonly digest: RowsDigest;
}

function rowReader(
  executor: Executor,
  schema: GlanceSchema,
  columns: PageColumns,
  digested: Digested,
): (range: ScanRange, pageSize: number) => Promise<RowPage | null> {
  const shapes = new RowShapes();
  return async (range, pageSize) => {
    if (columns === 'decisive' && schema.shape !== null) {
      const rows = await readDecisiveRows(executor, schema, range, pageSize, digested);
      const records = rows === null ? null : shapedRecords(rows, shapes);
      if (records !== null)
        return rows === null || rows.until === null
          ? null
          : { records, range: { after: range.after, until: rows.until }, digest: rows.digest };
    }
    // A row that no Glance wrote is read column by column, so that its problem can be named.
    const { sql, bindings } = pageStatement(schema, 'all', range, pageSize, digested, columns);
    const rows = await executor.query(sql, bindings);
    const last = rows.at(-1);
    if (last === undefined) return null;
    const until = keyText(last[schema.scan.kind === 'key' ? 'id' : POSITION]);
    const records = validate(rows);
    if (until === null) throw new Error('a row without a position passed its check');
    return { records, range: { after: range.after, until }, digest: digestOf(rows) };
  };
}

interface PageRows extends Omit<RowPage, 'digest'> {
  readonly numbers: Int32Array;
  readonly cache: PropertyCache | null;
}

async function propertiesBeside(
  executor: Executor,
  schema: GlanceSchema,
  { records, numbers, range, cache }: PageRows,
): Promise<PropertiesByImage> {
  if (cache === null) return readPageProperties(executor, schema, range, records);
  const apart = records.filter((_, index) => cache.of(numbers[index] ?? -1) === 'apart');
  return readListedProperties(executor, schema, apart);
}

/** The evidence of rows that were read. Properties that are not cached are looked up by id. */
export async function evidenceOf(
  executor: Executor,
  schema: GlanceSchema,
  references: References,
  { records, cache }: { readonly records: readonly ImageRecord[]; readonly cache: PropertyCache | null },
): Promise<EvidencePage> {
  const numbers = numbersOf(records, references);
  const apart = records.filter((_, index) => cache === null || cache.of(numbers[index] ?? -1) === 'apart');
  const properties = await readListedProperties(executor, schema, apart);
  return EvidencePage.of(schema, { records, numbers, properties, cache, references });
}

/** Reads a few images by id, in the database's order; ids without a row are left out. */
export async function readImages(
  executor: Executor,
  schema: GlanceSchema,
  references: References,
  ids: readonly string[],
): Promise<readonly ImageEvidence[]> {
  const records: ImageRecord[] = [];
  for (const list of keyLists(schema, ids)) {
    const sql = `SELECT ${imageColumns(schema, 'i')} FROM images i WHERE i.id IN ${list.sql} ORDER BY i.id`;
    records.push(...validate(await executor.query(sql, list.bindings)));
  }
  return (await evidenceOf(executor, schema, references, { records, cache: null })).images;
}

/** Counts the rows of `images`, soft-deleted ones included, for progress; one count over an index. */
export async function countImages(executor: Executor): Promise<number> {
  const [row] = await executor.query('SELECT COUNT(*) AS total FROM images', [], LONG_READ_LIMITS);
  return Number(row?.['total'] ?? 0);
}

/** Counts the rows within a part of the table. */
export async function countWithin(executor: Executor, schema: GlanceSchema, range: ScanRange): Promise<number> {
  const { sql, bindings } = withinRange(schema, 'i', range);
  const [row] = await executor.query(`SELECT COUNT(*) AS total FROM images i WHERE ${sql}`, bindings, LONG_READ_LIMITS);
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
