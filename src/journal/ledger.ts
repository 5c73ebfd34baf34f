import type { Executor } from '../db/database.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import type { StoredForm } from './decisions.ts';
import type { ImageRecord } from '../model/image.ts';
import { inLists, marks, type KeyedRows, PAGE_ROWS, tablePages, wholeTable } from './table-pages.ts';
import { JOURNAL_TABLE, TABLE_KEYS, UNDO_TABLE } from './tables.ts';

/**
 * A number of journal rows and the sum of their 64-bit hashes, in two words. The order does not matter, and rows can be
 * subtracted: what batches wrote, minus what was replaced and rolled back, must equal the rows in the journal.
 */
export interface EntrySum {
  rows: number;
  high: number;
  low: number;
}

/** A row of retype_journal or retype_undo. */
export interface EntryPlace {
  readonly imageId: string;
  readonly runId: number;
  readonly batch: number;
  /** Key of retype_decisions. */
  readonly decisionKey: string;
}

/** The batch that journal rows belong to. */
export type BatchOfEntries = Pick<EntryPlace, 'runId' | 'batch'>;

/** An image and the decision that its journal row will name. */
export interface WritableRow {
  readonly image: Pick<ImageRecord, 'id'>;
  readonly form: Pick<StoredForm, 'key'>;
}

export function noEntries(): EntrySum {
  return { rows: 0, high: 0, low: 0 };
}

/**
 * Adds one row. Runs for every row that migrate writes; a cryptographic hash would take ten times as long and protect
 * no better.
 */
export function addEntry(sum: EntrySum, { imageId, runId, batch, decisionKey }: EntryPlace): void {
  let high = 0xdeadbeef ^ runId;
  let low = 0x41c6ce57 ^ batch;
  for (const text of [imageId, decisionKey]) {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      high = Math.imul(high ^ unit, 2_654_435_761);
      low = Math.imul(low ^ unit, 1_597_334_677);
    }
  }
  const mixed = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  const other = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(mixed ^ (mixed >>> 13), 3_266_489_909);
  sum.rows += 1;
  sum.high = (sum.high + (mixed >>> 0)) >>> 0;
  sum.low = (sum.low + (other >>> 0)) >>> 0;
}

export function addSum(sum: EntrySum, { rows, high, low }: Readonly<EntrySum>): void {
  sum.rows += rows;
  sum.high = (sum.high + high) >>> 0;
  sum.low = (sum.low + low) >>> 0;
}

export function takeSum(sum: EntrySum, { rows, high, low }: Readonly<EntrySum>): void {
  sum.rows -= rows;
  sum.high = (sum.high - high) >>> 0;
  sum.low = (sum.low - low) >>> 0;
}

/** The sum of the hashes as it is stored: 16 hexadecimal digits. */
export function sumText({ high, low }: Readonly<EntrySum>): string {
  return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** Reads a stored sum. A malformed text, which only another hand can have written, gives a sum that equals no other. */
export function readSum(rows: unknown, text: unknown): EntrySum {
  const digits = String(text);
  const [high, low] = [digits.slice(0, 8), digits.slice(8)].map((word) => Number.parseInt(word, 16) >>> 0);
  return { rows: Number(rows), high: high ?? 0, low: low ?? 0 };
}

/** Reads the rows of retype_journal in pages, in the order of their images. */
export async function* entryPlaces(executor: Executor): AsyncGenerator<readonly EntryPlace[], void, undefined> {
  for await (const page of tablePages(executor, wholeTable(JOURNAL_TABLE), PAGE_ROWS)) yield page.map(toPlace);
}

/** A row of retype_undo as verify needs it. */
export interface UndoPlace extends EntryPlace {
  readonly supersededBy: number;
  /** Whether the later run that replaced the row has a row of the image as well. */
  readonly followed: boolean;
}

/** Reads the rows of retype_undo in pages, in the order of their images and runs. */
export async function* undoPlaces(executor: Executor): AsyncGenerator<readonly UndoPlace[], void, undefined> {
  const followed = [JOURNAL_TABLE, UNDO_TABLE].map(
    (table) => `EXISTS (SELECT 1 FROM ${table} n WHERE n.image_id = r.image_id AND n.run_id = r.superseded_by)`,
  );
  const rows: KeyedRows = {
    select: `SELECT r.*, CASE WHEN r.superseded_by > r.run_id AND (${followed.join(' OR ')}) THEN 1 ELSE 0 END AS followed FROM ${UNDO_TABLE} r`,
    key: TABLE_KEYS[UNDO_TABLE].map((column) => `r.${column}`),
  };
  for await (const page of tablePages(executor, rows, PAGE_ROWS)) {
    yield page.map((row) => ({
      ...toPlace(row),
      supersededBy: Number(row['superseded_by']),
      followed: Number(row['followed']) === 1,
    }));
  }
}

/** Ids of journal rows of a batch that name no image; images that Glance has purged are among them by right. */
export async function entriesWithoutImage(
  executor: Executor,
  { runId, batch }: BatchOfEntries,
  limit: number,
): Promise<readonly string[]> {
  const rows = await executor.query(
    `SELECT r.image_id FROM ${JOURNAL_TABLE} r LEFT JOIN images i ON i.id = r.image_id
     WHERE r.run_id = ? AND r.batch = ? AND i.id IS NULL ORDER BY r.image_id LIMIT ${limit}`,
    [runId, batch],
  );
  return rows.map((row) => keyText(row['image_id']) ?? '');
}

/** Adds the rows that a batch inserts by their ids. */
export function addEntries(sum: EntrySum, { runId, batch }: BatchOfEntries, rows: readonly WritableRow[]): void {
  for (const { image, form } of rows) addEntry(sum, { imageId: image.id, runId, batch, decisionKey: form.key });
}

/** What a batch changes in the journal. */
export interface BatchLedger {
  readonly written: EntrySum;
  /** Rows of the same run that it replaces; they are deleted. */
  readonly dropped: EntrySum;
  /** Rows of earlier runs that it moves to retype_undo. */
  readonly moved: number;
}

/** Computes what a batch is about to change. Reads the rows that it replaces inside the batch's own transaction. */
export async function computeLedger(
  trx: Executor,
  { runId, batch }: BatchOfEntries,
  rows: readonly (WritableRow & { readonly stored: unknown })[],
): Promise<BatchLedger> {
  const written = noEntries();
  addEntries(written, { runId, batch }, rows);
  const dropped = noEntries();
  let moved = 0;
  for (const chunk of inLists(rows.filter(({ stored }) => stored !== null))) {
    const found = await trx.query(
      `SELECT image_id, run_id, batch, decision_key FROM ${JOURNAL_TABLE} WHERE image_id IN (${marks(chunk)})`,
      chunk.map(({ image }) => image.id),
    );
    for (const row of found) {
      const entry = toPlace(row);
      if (entry.runId === runId) addEntry(dropped, entry);
      else moved += 1;
    }
  }
  return { written, dropped, moved };
}

function toPlace(row: Readonly<Record<string, unknown>>): EntryPlace {
  return {
    imageId: keyText(row['image_id']) ?? '',
    runId: Number(row['run_id']),
    batch: Number(row['batch']),
    decisionKey: String(row['decision_key']),
  };
}
