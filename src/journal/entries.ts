import type { Database, DriverRow, Executor, SqlValue } from '../db/database.ts';
import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import { bindKey, type Statement } from '../glance/tables/keys.ts';
import { type ScanRange, withinRange } from '../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageRecord } from '../model/image.ts';
import { DECISION_STATUSES, type DecisionStatus, zeroStatusCounts } from '../model/vocabulary.ts';
import { columnText } from './column-text.ts';
import { storedForm } from './decisions.ts';
import {
  addEntry,
  type BatchOfEntries,
  type EntryPlace,
  type EntrySum,
  noEntries,
  type WritableRow,
} from './ledger.ts';
import { inLists, marks } from './table-pages.ts';
import { DECISIONS_TABLE, JOURNAL_TABLE, UNDO_TABLE } from './tables.ts';

/** A journal row with its decision. */
export interface JournalEntry extends EntryPlace {
  readonly status: DecisionStatus;
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  readonly rule: string;
  readonly legacyDiskFormat: string | null;
  readonly legacyContainerFormat: string | null;
  readonly glanceStatus: string;
}

/** Whether a stored row is exactly what would be written now. */
export function sameEntry(stored: JournalEntry, image: ImageRecord, decision: Decision): boolean {
  return stored.decisionKey === storedForm(decision, image).key;
}

/** Whether a stored row has the same result for the same legacy row: status, types, rule, tuple. */
export function sameAnswer(stored: JournalEntry, image: ImageRecord, decision: Decision): boolean {
  const form = storedForm(decision, image);
  return (
    stored.status === form.status &&
    stored.rule === form.rule &&
    stored.imageType === form.imageType &&
    stored.containerType === form.containerType &&
    stored.envelope === form.envelope &&
    stored.legacyDiskFormat === image.diskFormat &&
    stored.legacyContainerFormat === image.containerFormat &&
    stored.glanceStatus === image.status
  );
}

const ENTRY_COLUMNS = ['image_id', 'run_id', 'batch', 'decision_key'] as const;

/** Inserts journal rows for images that have none. Their decisions must be stored already. @returns rows inserted. */
export async function insertEntries(
  database: Database,
  trx: Executor,
  { runId, batch }: BatchOfEntries,
  rows: readonly WritableRow[],
): Promise<number> {
  const values = rows.map(({ image, form }): readonly SqlValue[] => [image.id, runId, batch, BigInt(form.key)]);
  return values.length === 0 ? 0 : database.dialect.insertRows(trx, JOURNAL_TABLE, ENTRY_COLUMNS, values);
}

/** Live rows of a part of the table whose decision follows from their own columns. */
export interface SharedDecisions {
  readonly range: ScanRange;
  /** The key of the decision by the text of `GlanceSchema.shape`; the most frequent shapes first. */
  readonly keyByShape: ReadonlyMap<string, string>;
  /** Ids of the images in the range that are no part of it. */
  readonly except: readonly string[];
}

/**
 * Inserts journal rows for images that share decisions. The server looks the decision up by what each row is while it
 * writes. A row of another shape gets the key 0, which no decision has; the sum of the rows then shows that the batch
 * holds something else than was expected.
 *
 * @returns the sum of the rows inserted; null where the engine does not hand them out.
 */
export async function insertSharedEntries(
  { dialect }: Database,
  trx: Executor,
  schema: GlanceSchema,
  { runId, batch }: BatchOfEntries,
  { range, keyByShape, except }: SharedDecisions,
): Promise<EntrySum | null> {
  const within = withinRange(schema, 'i', range);
  const shapes = Array.from(keyByShape, ([, key]) => ` WHEN ? THEN ${BigInt(key)}`).join('');
  // Bytes are compared faster than texts in a collation, and the ids are those of this very column.
  const id = schema.keyKind === 'text' ? dialect.exactText('i.id') : 'i.id';
  const insert: Statement = {
    sql: `INSERT INTO ${JOURNAL_TABLE} (${ENTRY_COLUMNS.join(', ')})
     SELECT i.id, ${runId}, ${batch}, CASE ${dialect.exactText(schema.shape ?? 'NULL')}${shapes} ELSE 0 END
     FROM images i WHERE ${within.sql} AND NOT i.deleted${except.length === 0 ? '' : ` AND ${id} NOT IN (${marks(except)})`}`,
    bindings: [...keyByShape.keys(), ...within.bindings, ...except.map((one) => bindKey(schema, one))],
  };
  if (!dialect.returnsInserted) {
    await trx.execute(insert.sql, insert.bindings);
    return null;
  }
  const sum = noEntries();
  for (const row of await trx.query(`${insert.sql} RETURNING image_id, decision_key`, insert.bindings))
    addEntry(sum, { imageId: String(row['image_id']), runId, batch, decisionKey: String(row['decision_key']) });
  return sum;
}

/**
 * Removes journal rows that are about to be replaced. Rows of earlier runs move to retype_undo as the before-images of
 * run `runId`; rows of `runId` itself are deleted, because undoing the run does not need them.
 */
export async function supersedeEntries(trx: Executor, runId: number, ids: readonly string[]): Promise<void> {
  for (const chunk of inLists(ids)) {
    await trx.execute(
      `INSERT INTO ${UNDO_TABLE} (image_id, superseded_by, run_id, batch, decision_key)
       SELECT image_id, ?, run_id, batch, decision_key FROM ${JOURNAL_TABLE} WHERE image_id IN (${marks(chunk)}) AND run_id <> ?`,
      [runId, ...chunk, runId],
    );
    await trx.execute(`DELETE FROM ${JOURNAL_TABLE} WHERE image_id IN (${marks(chunk)})`, chunk);
  }
}

/** Deletes journal rows of run `runId` and restores from retype_undo the rows that they replaced. */
export async function restoreEntries(
  trx: Executor,
  runId: number,
  ids: readonly string[],
): Promise<{ readonly removed: number; readonly restored: number }> {
  let removed = 0;
  let restored = 0;
  for (const chunk of inLists(ids)) {
    removed += await trx.execute(`DELETE FROM ${JOURNAL_TABLE} WHERE image_id IN (${marks(chunk)}) AND run_id = ?`, [
      ...chunk,
      runId,
    ]);
    restored += await trx.execute(
      `INSERT INTO ${JOURNAL_TABLE} (image_id, run_id, batch, decision_key)
       SELECT image_id, run_id, batch, decision_key FROM ${UNDO_TABLE} WHERE image_id IN (${marks(chunk)}) AND superseded_by = ?`,
      [...chunk, runId],
    );
    await trx.execute(`DELETE FROM ${UNDO_TABLE} WHERE image_id IN (${marks(chunk)}) AND superseded_by = ?`, [
      ...chunk,
      runId,
    ]);
  }
  return { removed, restored };
}

/**
 * Counts the journal rows that runs have replaced, of some images.
 * @returns `chosen`: of run `from` and later ones; `earlier`: images that have one of an earlier run, replaced by run
 *   `from` or a later one.
 */
export async function countReplaced(
  executor: Executor,
  from: number,
  ids: readonly string[],
): Promise<{ readonly chosen: number; readonly earlier: number }> {
  let chosen = 0;
  let earlier = 0;
  for (const chunk of inLists(ids)) {
    const [row] = await executor.query(
      `SELECT COUNT(CASE WHEN run_id >= ? THEN 1 END) AS chosen, COUNT(DISTINCT CASE WHEN run_id < ? THEN image_id END) AS earlier
       FROM ${UNDO_TABLE} WHERE image_id IN (${marks(chunk)}) AND superseded_by >= ?`,
      [from, from, ...chunk, from],
    );
    chosen += Number(row?.['chosen'] ?? 0);
    earlier += Number(row?.['earlier'] ?? 0);
  }
  return { chosen, earlier };
}

/** Columns of an entry, aliases `r` (journal) and `d` (decision): what `toEntry` reads. */
export const ENTRY_SELECTION = `r.image_id, r.run_id, r.batch, r.decision_key, d.status, d.image_type, d.container_type, d.envelope,
  d.rule, d.legacy_disk_format, d.legacy_container_format, d.glance_status`;

/** Joins a journal row, alias `r`, to its decision, alias `d`. */
export const JOINED_DECISION = `JOIN ${DECISIONS_TABLE} d ON d.decision_key = r.decision_key`;

/**
 * SQL, aliases `i` and `d`: an image's tuple and status are still those of its decision, NULL-safe and byte for byte.
 */
export function sameLegacyRow({ dialect }: Pick<Database, 'dialect'>): string {
  return [
    dialect.sameBytes('i.disk_format', 'd.legacy_disk_format'),
    dialect.sameBytes('i.container_format', 'd.legacy_container_format'),
    dialect.sameBytes('i.status', 'd.glance_status'),
  ].join(' AND ');
}

/** Journal rows by image id, selected by a condition on `r.image_id`. */
export async function readEntries(
  executor: Executor,
  { sql, bindings }: Statement,
): Promise<ReadonlyMap<string, JournalEntry>> {
  const rows = await executor.query(
    `SELECT ${ENTRY_SELECTION} FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} WHERE ${sql}`,
    bindings,
  );
  return new Map(rows.map((row) => [String(row['image_id']), toEntry(row)]));
}

/** Journal rows by image id, for a list of ids. */
export async function readEntriesById(
  executor: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JournalEntry>> {
  const found = new Map<string, JournalEntry>();
  for (const chunk of inLists(ids)) {
    const list = { sql: `r.image_id IN (${marks(chunk)})`, bindings: chunk };
    for (const [id, entry] of await readEntries(executor, list)) found.set(id, entry);
  }
  return found;
}

/** Counts the journal rows. */
export async function countEntries(executor: Executor): Promise<number> {
  const [row] = await executor.query((knex) => knex(JOURNAL_TABLE).count({ n: '*' }), [], LONG_READ_LIMITS);
  return Number(row?.['n'] ?? 0);
}

/** Counts the journal rows by decision status, over all runs. */
export async function countByStatus(executor: Executor): Promise<Record<DecisionStatus, number>> {
  const counts = zeroStatusCounts();
  const rows = await executor.query(
    (knex) =>
      knex({ r: JOURNAL_TABLE })
        .join({ d: DECISIONS_TABLE }, 'd.decision_key', 'r.decision_key')
        .select('d.status')
        .count({ n: '*' })
        .groupBy('d.status'),
    [],
    LONG_READ_LIMITS,
  );
  for (const row of rows) {
    const status = DECISION_STATUSES.find((word) => word === row['status']);
    if (status !== undefined) counts[status] = Number(row['n']);
  }
  return counts;
}

/** Whether the journal has any row. */
export async function hasEntries(executor: Executor): Promise<boolean> {
  return (await executor.query((knex) => knex(JOURNAL_TABLE).select('image_id').limit(1))).length > 0;
}

export function toEntry(row: DriverRow): JournalEntry {
  return {
    imageId: String(row['image_id']),
    runId: Number(row['run_id']),
    batch: Number(row['batch']),
    decisionKey: String(row['decision_key']),
    status: String(row['status']) as DecisionStatus,
    imageType: columnText(row['image_type']),
    containerType: columnText(row['container_type']),
    envelope: columnText(row['envelope']),
    rule: String(row['rule']),
    legacyDiskFormat: columnText(row['legacy_disk_format']),
    legacyContainerFormat: columnText(row['legacy_container_format']),
    glanceStatus: String(row['glance_status']),
  };
}
