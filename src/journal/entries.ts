import type { Database, DriverRow, Executor, SqlValue } from '../db/database.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageRecord } from '../model/image.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import { columnText } from './column-text.ts';
import { decisionText } from './decision-text.ts';
import { inLists, marks } from './id-lists.ts';
import { IMAGES_TABLE, UNDO_TABLE } from './tables.ts';

/** The columns that hold a decision, in the layout's order; the same in retype_images and retype_undo. */
const DECISION_COLUMNS = [
  'run_id',
  'batch',
  'status',
  'image_type',
  'container_type',
  'envelope',
  'rule',
  'evidence_key',
  'legacy_disk_format',
  'legacy_container_format',
  'glance_status',
] as const;

const ENTRY_COLUMNS = ['image_id', ...DECISION_COLUMNS] as const;

/** A journal row as stored. */
export interface JournalEntry {
  readonly imageId: string;
  readonly runId: number;
  readonly batch: number;
  readonly status: DecisionStatus;
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  readonly rule: string;
  /** Names a row of retype_evidence. */
  readonly evidenceKey: string;
  readonly legacyDiskFormat: string | null;
  readonly legacyContainerFormat: string | null;
  readonly glanceStatus: string;
}

/** Whether a stored row says exactly what would be written now. */
export function sameEntry(stored: JournalEntry, image: ImageRecord, decision: Decision): boolean {
  return sameAnswer(stored, image, decision) && stored.evidenceKey === decisionText(decision).evidenceKey;
}

/** Whether a stored row gives the same answer for the same legacy row: status, types, rule, tuple. */
export function sameAnswer(stored: JournalEntry, image: ImageRecord, decision: Decision): boolean {
  const text = decisionText(decision);
  return (
    stored.status === decision.status &&
    stored.rule === decision.rule &&
    stored.imageType === text.imageType &&
    stored.containerType === text.containerType &&
    stored.envelope === text.envelope &&
    stored.legacyDiskFormat === image.diskFormat &&
    stored.legacyContainerFormat === image.containerFormat &&
    stored.glanceStatus === image.status
  );
}

/** Inserts journal rows for images that have none. @returns rows inserted. */
export async function insertEntries(
  database: Database,
  trx: Executor,
  place: { readonly runId: number; readonly batch: number },
  rows: readonly { readonly image: ImageRecord; readonly decision: Decision }[],
): Promise<number> {
  const values = rows.map(({ image, decision }): readonly SqlValue[] => {
    const text = decisionText(decision);
    return [
      image.id,
      place.runId,
      place.batch,
      decision.status,
      text.imageType,
      text.containerType,
      text.envelope,
      decision.rule,
      text.evidenceKey,
      image.diskFormat,
      image.containerFormat,
      image.status,
    ];
  });
  return values.length === 0 ? 0 : database.dialect.insertRows(trx, IMAGES_TABLE, ENTRY_COLUMNS, values);
}

/**
 * Moves journal rows out of the way of their successors. Rows of earlier runs are kept in retype_undo as the before-image of
 * run `runId`; rows of `runId` itself are dropped, because undoing the run leads past them.
 */
export async function supersedeEntries(trx: Executor, runId: number, ids: readonly string[]): Promise<void> {
  for (const chunk of inLists(ids)) {
    const columns = DECISION_COLUMNS.join(', ');
    await trx.execute(
      `INSERT INTO ${UNDO_TABLE} (image_id, superseded_by, ${columns})
       SELECT image_id, ?, ${columns} FROM ${IMAGES_TABLE} WHERE image_id IN (${marks(chunk)}) AND run_id <> ?`,
      [runId, ...chunk, runId],
    );
    await trx.execute(`DELETE FROM ${IMAGES_TABLE} WHERE image_id IN (${marks(chunk)})`, chunk);
  }
}

/** Puts back, from retype_undo, the journal rows that run `runId` replaced. @returns rows put back. */
export async function restoreEntries(trx: Executor, runId: number, ids: readonly string[]): Promise<number> {
  let restored = 0;
  const columns = DECISION_COLUMNS.join(', ');
  for (const chunk of inLists(ids)) {
    await trx.execute(`DELETE FROM ${IMAGES_TABLE} WHERE image_id IN (${marks(chunk)}) AND run_id = ?`, [
      ...chunk,
      runId,
    ]);
    restored += await trx.execute(
      `INSERT INTO ${IMAGES_TABLE} (image_id, ${columns})
       SELECT image_id, ${columns} FROM ${UNDO_TABLE} WHERE image_id IN (${marks(chunk)}) AND superseded_by = ?`,
      [...chunk, runId],
    );
    await trx.execute(`DELETE FROM ${UNDO_TABLE} WHERE image_id IN (${marks(chunk)}) AND superseded_by = ?`, [
      ...chunk,
      runId,
    ]);
  }
  return restored;
}

/** Journal rows by image id, for a key range (exclusive, inclusive]; `after` null means from the beginning. */
export async function readEntries(
  executor: Executor,
  range: { readonly after: string | null; readonly until: string },
): Promise<ReadonlyMap<string, JournalEntry>> {
  const rows =
    range.after === null
      ? await executor.query(`SELECT * FROM ${IMAGES_TABLE} WHERE image_id <= ?`, [range.until])
      : await executor.query(`SELECT * FROM ${IMAGES_TABLE} WHERE image_id > ? AND image_id <= ?`, [
          range.after,
          range.until,
        ]);
  return new Map(rows.map((row) => [String(row['image_id']), toEntry(row)]));
}

/** Journal rows by image id, for a list of ids. */
export async function readEntriesById(
  executor: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JournalEntry>> {
  const found = new Map<string, JournalEntry>();
  for (const chunk of inLists(ids)) {
    for (const row of await executor.query(
      `SELECT * FROM ${IMAGES_TABLE} WHERE image_id IN (${marks(chunk)})`,
      chunk,
    )) {
      found.set(String(row['image_id']), toEntry(row));
    }
  }
  return found;
}

/** Whether any journal row lies beyond a key; null means anywhere. */
export async function hasEntriesAfter(executor: Executor, after: string | null): Promise<boolean> {
  const rows =
    after === null
      ? await executor.query(`SELECT image_id FROM ${IMAGES_TABLE} LIMIT 1`)
      : await executor.query(`SELECT image_id FROM ${IMAGES_TABLE} WHERE image_id > ? LIMIT 1`, [after]);
  return rows.length > 0;
}

export function toEntry(row: DriverRow): JournalEntry {
  return {
    imageId: String(row['image_id']),
    runId: Number(row['run_id']),
    batch: Number(row['batch']),
    status: String(row['status']) as DecisionStatus,
    imageType: columnText(row['image_type']),
    containerType: columnText(row['container_type']),
    envelope: columnText(row['envelope']),
    rule: String(row['rule']),
    evidenceKey: String(row['evidence_key']),
    legacyDiskFormat: columnText(row['legacy_disk_format']),
    legacyContainerFormat: columnText(row['legacy_container_format']),
    glanceStatus: String(row['glance_status']),
  };
}
