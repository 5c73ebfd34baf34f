import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence, ImageRecord } from '../../model/image.ts';
import type { DecisionStatus } from '../../model/vocabulary.ts';
import { sameEntry, type JournalEntry } from '../../journal/entries.ts';
import type { Decide } from '../context.ts';

/** One live image with its decision and what the journal says of it so far. */
export interface DecidedRow {
  readonly image: ImageRecord;
  readonly decision: Decision;
  /** null where the journal has no row. */
  readonly stored: JournalEntry | null;
}

type StatusCounts = Record<DecisionStatus, number>;

/** A part of the table, in scan order. */
export interface BatchRange {
  /** Exclusive; null is the beginning of the table. */
  readonly after: string | null;
  /** Inclusive. */
  readonly until: string;
}

/** Rows that become one batch. */
export interface BatchWork {
  /** 1: the pass over the whole table; 2 and later: tail passes. */
  readonly pass: number;
  /** Where the rows stand; null in a tail pass: anywhere. */
  readonly range: BatchRange | null;
  /** Whether nothing of the range is left to do once the batch is committed. */
  readonly settles: 'range' | 'nothing';
  /** Every row read, soft-deleted ones too. */
  readonly rowsRead: number;
  readonly counts: Readonly<StatusCounts>;
  /** The rows that must be written: live, and not stored exactly so already. In scan order. */
  readonly rows: readonly DecidedRow[];
}

/** Decides rows and keeps those that must be written. Soft-deleted ones are counted, never written. Pure but for the memo inside `decide`. */
export function decideBatch(
  images: Iterable<ImageEvidence>,
  place: { readonly pass: number; readonly range: BatchRange | null },
  stored: ReadonlyMap<string, JournalEntry>,
  decide: Decide,
): BatchWork {
  const counts: StatusCounts = { ...NO_COUNTS };
  const rows: DecidedRow[] = [];
  let rowsRead = 0;
  for (const evidence of images) {
    const { image } = evidence;
    const decision = decide(evidence);
    counts[decision.status] += 1;
    rowsRead += 1;
    if (image.deleted) continue;
    const entry = stored.size === 0 ? null : (stored.get(image.id) ?? null);
    if (entry === null || !sameEntry(entry, image, decision)) rows.push({ image, decision, stored: entry });
  }
  return { ...place, settles: place.range === null ? 'nothing' : 'range', rowsRead, counts, rows };
}

const NO_COUNTS: StatusCounts = { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };

/**
 * Two halves of a batch whose write set was too large; null where there is nothing to halve. The first one settles and counts nothing: were
 * the program to end between them, the whole range would be read again, and what the first wrote would be found as it must be.
 */
export function halve(work: BatchWork): readonly [BatchWork, BatchWork] | null {
  const middle = Math.ceil(work.rows.length / 2);
  if (middle === work.rows.length) return null;
  return [
    { ...settlingNothing(work), rows: work.rows.slice(0, middle) },
    { ...work, rows: work.rows.slice(middle) },
  ];
}

/** The same rows, for a batch beside another one that settles and counts them. */
export function settlingNothing(work: BatchWork): BatchWork {
  return { ...work, settles: 'nothing', rowsRead: 0, counts: NO_COUNTS };
}
