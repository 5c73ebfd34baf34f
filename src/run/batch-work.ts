import type { Decision } from '../model/decision.ts';
import type { ImageEvidence, ImageRecord } from '../model/image.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import { sameEntry, type JournalEntry } from '../journal/entries.ts';
import type { Decide } from './context.ts';

/** One image with its decision and what the journal says of it so far. */
export interface DecidedRow {
  readonly image: ImageRecord;
  readonly decision: Decision;
  /** null where the journal has no row. */
  readonly stored: JournalEntry | null;
}

/** A slice of the table that becomes one batch. */
export interface BatchWork {
  readonly pass: number;
  /** Every row read, in the database's order; never empty. */
  readonly rows: readonly [DecidedRow, ...DecidedRow[]];
}

export type StatusCounts = Record<DecisionStatus, number>;

/** Decides a page. Pure but for the memo inside `decide`. */
export function decidePage(
  images: readonly ImageEvidence[],
  stored: ReadonlyMap<string, JournalEntry>,
  decide: Decide,
): readonly DecidedRow[] {
  return images.map((evidence) => ({
    image: evidence.image,
    decision: decide(evidence),
    stored: stored.size === 0 ? null : (stored.get(evidence.image.id) ?? null),
  }));
}

/** The rows that a batch must write: live, and not already stored exactly so. Soft-deleted rows are counted, never written. */
export function rowsToWrite(work: BatchWork, without: ReadonlySet<string>): readonly DecidedRow[] {
  return work.rows.filter(
    ({ image, decision, stored }) =>
      !image.deleted && !without.has(image.id) && (stored === null || !sameEntry(stored, image, decision)),
  );
}

export function countStatuses(work: BatchWork): StatusCounts {
  const counts: StatusCounts = { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
  for (const { decision } of work.rows) {
    counts[decision.status] += 1;
  }
  return counts;
}

/** Two halves of a batch whose write set was too large; null for a single row. */
export function halve(work: BatchWork): readonly [BatchWork, BatchWork] | null {
  const middle = Math.ceil(work.rows.length / 2);
  const [first, ...restOfFirst] = work.rows.slice(0, middle);
  const [second, ...restOfSecond] = work.rows.slice(middle);
  return first === undefined || second === undefined
    ? null
    : [
        { pass: work.pass, rows: [first, ...restOfFirst] },
        { pass: work.pass, rows: [second, ...restOfSecond] },
      ];
}
