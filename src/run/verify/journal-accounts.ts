import type { BatchAccount } from '../../journal/batches.ts';
import { addSum, type EntrySum, noEntries, sumText, takeSum } from '../../journal/ledger.ts';
import type { RunRecord } from '../../journal/runs.ts';
import type { DifferenceKind, Differences } from './differences.ts';

interface RunAccount {
  readonly batches: Map<number, BatchAccount>;
  /** Sum over all batches of the run; see `addSeal`. */
  readonly seals: EntrySum;
}

/** What exists of one run: rows of the journal and before-images, by the batch that they name. */
interface RunEntries {
  readonly byBatch: Map<number, EntrySum>;
  /** Before-images that the run made. */
  supersededByIt: number;
}

/** One run: its record, its batches and its rows. Each may exist without the others. */
export interface RunBooks {
  readonly id: number;
  readonly run: RunRecord | null;
  readonly account: RunAccount;
  readonly entries: RunEntries;
}

/**
 * Compares what the batches of a run wrote, less what was replaced and rolled back, with the rows that exist. Pure.
 * Draws no conclusion from records that were altered; that is reported separately.
 *
 * @returns batches with more rows than they wrote.
 */
export function compareBooks(books: RunBooks, differences: Differences): readonly number[] {
  const { id, run, account, entries } = books;
  if (run === null) {
    const rows = [...entries.byBatch.values()].reduce((sum, batch) => sum + batch.rows, 0);
    const stored = `${account.batches.size} batches and ${rows} rows name it`;
    differences.record('run-missing', `run ${id}`, stored, 'no record');
    return [];
  }
  const lost = compareBatches(books, run, differences);
  compareUndo(books, run, differences);
  const expected = noEntries();
  const dropped = noEntries();
  for (const batch of account.batches.values()) {
    addSum(expected, batch.written);
    addSum(dropped, batch.dropped);
  }
  takeSum(expected, dropped);
  takeSum(expected, run.undone);
  const found = noEntries();
  for (const [batch, sum] of entries.byBatch) if (!lost.has(batch)) addSum(found, sum);
  if (sumText(expected) === sumText(found) || run.integrity === 'altered') return [];
  if (dropped.rows === 0 && run.undone.rows === 0) return compareEachBatch(books, lost, differences);
  // Nothing records which batches the rows belonged to that were rightly removed.
  if (isIntact(account)) differ(`run ${id}`, expected, found, differences);
  return [];
}

function isIntact({ batches }: RunAccount): boolean {
  return [...batches.values()].every(({ integrity }) => integrity === 'intact');
}

/** Finds batches that rows name and that have no record. @returns their numbers. */
function compareBatches(
  { id, account, entries }: RunBooks,
  { batches, integrity }: RunRecord,
  differences: Differences,
): ReadonlySet<number> {
  const unknown = [...entries.byBatch.keys()].filter((batch) => !account.batches.has(batch));
  // A complete run records how many batches it had; for other runs, rows that name a batch prove that it existed.
  const known = integrity === 'intact' && batches !== null;
  const short = known ? batches.count - account.batches.size : unknown.length;
  const lost = short > 0 ? unknown.slice(0, short) : [];
  for (const batch of lost) {
    const rows = entries.byBatch.get(batch)?.rows ?? 0;
    differences.record('batch-missing', `run ${id}, batch ${batch}`, 'no record', `${rows} rows name it`);
  }
  if (!known) return new Set(lost);
  const stored = `${batches.count} batches when it was complete`;
  const now = `${account.batches.size} batches`;
  if (short > lost.length) differences.record('batch-missing', `run ${id}`, stored, now, short - lost.length);
  if (short < 0) differences.record('batch-surplus', `run ${id}`, stored, now, -short);
  if (short === 0 && batches.seals !== sumText(account.seals) && isIntact(account))
    differences.record('batch-altered', `run ${id}`, stored, 'others, as many');
  return new Set(lost);
}

function compareUndo({ id, account, entries }: RunBooks, run: RunRecord, differences: Differences): void {
  if (run.integrity === 'altered' || !isIntact(account)) return;
  const moved = [...account.batches.values()].reduce((sum, batch) => sum + batch.moved, 0);
  const expected = moved - run.restored;
  const found = entries.supersededByIt;
  if (found === expected) return;
  differences.record(
    found < expected ? 'undo-missing' : 'undo-surplus',
    `run ${id}`,
    `${expected} rows of earlier runs replaced`,
    `${found} before-images`,
    Math.abs(found - expected),
  );
}

function compareEachBatch(
  { id, account, entries }: RunBooks,
  lost: ReadonlySet<number>,
  differences: Differences,
): readonly number[] {
  const fuller: number[] = [];
  for (const batch of new Set([...account.batches.keys(), ...entries.byBatch.keys()])) {
    const record = account.batches.get(batch);
    if (record?.integrity === 'altered' || lost.has(batch)) continue;
    const written = record?.written ?? noEntries();
    const found = entries.byBatch.get(batch) ?? noEntries();
    if (differ(`run ${id}, batch ${batch}`, written, found, differences) === 'journal-surplus') fuller.push(batch);
  }
  return fuller;
}

function differ(
  subject: string,
  written: Readonly<EntrySum>,
  found: Readonly<EntrySum>,
  differences: Differences,
): DifferenceKind | null {
  if (sumText(written) === sumText(found)) return null;
  const more = found.rows - written.rows;
  const kind = more === 0 ? 'journal-altered' : more < 0 ? 'journal-missing' : 'journal-surplus';
  const now = more === 0 ? 'as many rows, but not the same' : `${found.rows} rows`;
  differences.record(kind, subject, `${written.rows} rows written`, now, Math.max(1, Math.abs(more)));
  return kind;
}
