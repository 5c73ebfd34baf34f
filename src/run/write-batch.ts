import { insertBatch, type BatchRecord } from '../journal/batches.ts';
import { insertEntries, supersedeEntries } from '../journal/entries.ts';
import { storeEvidence, type EvidenceShelf } from '../journal/evidence.ts';
import { inLists, marks } from '../journal/id-lists.ts';
import type { Lease } from '../journal/lease.ts';
import { columnList, type ColumnNames, type Target } from '../journal/meta.ts';
import { IMAGES_TABLE } from '../journal/tables.ts';
import type { Database, Executor, SqlValue } from '../db/database.ts';
import { isDecided } from '../model/decision.ts';
import type { BatchWork, DecidedRow } from './batch-work.ts';

/** Thrown inside a batch transaction when a row is no longer as it was decided on; rolls the batch back. Control flow only. */
export class StaleBatchError extends Error {
  override readonly name = 'StaleBatchError';
}

/** What one batch writes to and as whom. */
export interface BatchPlace {
  readonly writer: Database;
  readonly lease: Lease;
  readonly target: Target;
  readonly shelf: EvidenceShelf;
}

/**
 * Writes one batch inside the caller's transaction: lease, checkpoint, journal, data. Either all of it commits or none.
 *
 * Every row is guarded by its legacy tuple and status, compared NULL-safe and byte for byte, by `deleted`, and by the result
 * columns still holding what the journal says they hold; the numbers of rows matched must be exactly those expected.
 *
 * @returns keys of the evidence stored, to be remembered once the batch is committed.
 * @throws StaleBatchError when a guard matched fewer rows; RetypeError LEASE_LOST; driver errors unchanged.
 */
export async function writeBatch(
  place: BatchPlace,
  trx: Executor,
  record: BatchRecord,
  work: BatchWork,
  rows: readonly DecidedRow[],
): Promise<readonly string[]> {
  await place.lease.assertHeld(trx);
  await insertBatch(trx, record);
  if (rows.length === 0) {
    return [];
  }
  const replaced = rows.filter(({ stored }) => stored !== null).map(({ image }) => image.id);
  if (replaced.length > 0) {
    if (place.target.kind === 'columns') {
      expectMatched(await withdrawResults(place.writer, trx, place.target.names, replaced), replaced.length);
    }
    await supersedeEntries(trx, record.runId, replaced);
  }
  const evidence = await storeEvidence(
    place.writer,
    trx,
    place.shelf,
    rows.map(({ decision }) => decision),
  );
  await insertEntries(place.writer, trx, { runId: record.runId, batch: record.batch }, rows);
  const scope = batchScope(record, work, rows);
  const decided = rows.filter(({ decision }) => isDecided(decision)).length;
  if (place.target.kind === 'columns') {
    if (decided > 0) {
      expectMatched(await writeResults(place.writer, trx, place.target.names, scope), decided);
    }
    if (decided < rows.length) {
      expectMatched(await countUnchanged(place.writer, trx, scope, 'undecided'), rows.length - decided);
    }
  } else {
    expectMatched(await countUnchanged(place.writer, trx, scope, 'all'), rows.length);
  }
  return evidence;
}

/** SQL that selects a batch's own journal rows, alias `r`, by primary key. */
interface Scope {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}

function batchScope(record: BatchRecord, work: BatchWork, rows: readonly DecidedRow[]): Scope {
  const own = 'r.run_id = ? AND r.batch = ?';
  if (work.pass === 1) {
    return {
      sql: `r.image_id >= ? AND r.image_id <= ? AND ${own}`,
      bindings: [record.firstKey, record.lastKey, record.runId, record.batch],
    };
  }
  // A tail pass gathers rows from all over the table; a key range would walk everything between them.
  return {
    sql: `r.image_id IN (${marks(rows)}) AND ${own}`,
    bindings: [...rows.map(({ image }) => image.id), record.runId, record.batch],
  };
}

const DECIDED = `r.status IN ('exact', 'inferred')`;

function unchanged(writer: Database): string {
  const same = (left: string, right: string): string => writer.dialect.sameBytes(left, right);
  return [
    same('i.disk_format', 'r.legacy_disk_format'),
    same('i.container_format', 'r.legacy_container_format'),
    same('i.status', 'r.glance_status'),
    'NOT i.deleted',
  ].join(' AND ');
}

/** Result columns as a joined journal row, alias `r`, has them. */
export function resultsFromJournal(names: ColumnNames): Readonly<Record<string, string>> {
  return {
    [names.imageType]: 'r.image_type',
    [names.containerType]: 'r.container_type',
    [names.envelope]: 'r.envelope',
  };
}

async function writeResults(writer: Database, trx: Executor, names: ColumnNames, scope: Scope): Promise<number> {
  const quoted = columnList(names).map((name) => `i.${writer.dialect.quote(name)}`);
  return writer.dialect.updateJoined(trx, {
    target: { table: 'images', alias: 'i' },
    source: { table: IMAGES_TABLE, alias: 'r' },
    on: 'i.id = r.image_id',
    set: resultsFromJournal(names),
    where: [scope.sql, DECIDED, unchanged(writer), ...quoted.map((column) => `${column} IS NULL`)].join(' AND '),
    bindings: scope.bindings,
  });
}

/** Sets the result columns back to NULL where they still hold what the journal says. @returns rows matched. */
export async function withdrawResults(
  writer: Database,
  trx: Executor,
  names: ColumnNames,
  ids: readonly string[],
): Promise<number> {
  const column = (name: string): string => `i.${writer.dialect.quote(name)}`;
  const same = (left: string, right: string): string => writer.dialect.sameBytes(left, right);
  let matched = 0;
  for (const chunk of inLists(ids)) {
    matched += await writer.dialect.updateJoined(trx, {
      target: { table: 'images', alias: 'i' },
      source: { table: IMAGES_TABLE, alias: 'r' },
      on: 'i.id = r.image_id',
      set: { [names.imageType]: 'NULL', [names.containerType]: 'NULL', [names.envelope]: 'NULL' },
      where: [
        `r.image_id IN (${marks(chunk)})`,
        same(column(names.imageType), 'r.image_type'),
        same(column(names.containerType), 'r.container_type'),
        same(column(names.envelope), 'r.envelope'),
      ].join(' AND '),
      bindings: chunk,
    });
  }
  return matched;
}

async function countUnchanged(
  writer: Database,
  trx: Executor,
  scope: Scope,
  which: 'undecided' | 'all',
): Promise<number> {
  const filter = which === 'all' ? '' : ` AND NOT (${DECIDED})`;
  const [row] = await trx.query(
    `SELECT COUNT(*) AS n FROM ${IMAGES_TABLE} r JOIN images i ON i.id = r.image_id WHERE ${scope.sql}${filter} AND ${unchanged(writer)}`,
    scope.bindings,
  );
  return Number(row?.['n'] ?? 0);
}

function expectMatched(matched: number, expected: number): void {
  if (matched !== expected) {
    throw new StaleBatchError(`${matched} of ${expected} rows are still as they were decided on`);
  }
}
