import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence, ImageRecord } from '../../model/image.ts';
import { type StatusCounts, zeroStatusCounts } from '../../model/vocabulary.ts';
import type { BatchRecord } from '../../journal/batches.ts';
import { sameEntry, type JournalEntry } from '../../journal/entries.ts';
import type { Decide } from '../context/context.ts';

/** One live image with its decision and its journal row so far. */
export interface DecidedRow {
  readonly image: ImageRecord;
  readonly decision: Decision;
  /** null where the journal has no row. */
  readonly stored: JournalEntry | null;
}

/** The rows of one batch. */
export interface BatchWork {
  /** 1: the pass over the whole table; 2 and later: tail passes. */
  readonly pass: number;
  /** The part of the table that the rows come from; null in a tail pass, whose rows come from anywhere. */
  readonly range: BatchRecord['range'];
  /** `range`: once the batch is committed, its whole range counts as done. */
  readonly covers: 'range' | 'nothing';
  /** Rows read, soft-deleted ones included. */
  readonly rowsRead: number;
  readonly counts: StatusCounts;
  /** The rows that must be written: live, and not yet stored exactly so. In scan order. */
  readonly rows: readonly DecidedRow[];
}

/**
 * Decides rows and keeps those that must be written. Counts soft-deleted rows and never writes them. Pure, save for
 * caches inside `decide`.
 */
export function decideBatch(
  images: Iterable<ImageEvidence>,
  place: { readonly pass: number; readonly range: BatchRecord['range'] },
  stored: ReadonlyMap<string, JournalEntry>,
  decide: Decide,
): BatchWork {
  const counts = zeroStatusCounts();
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
  return { ...place, covers: place.range === null ? 'nothing' : 'range', rowsRead, counts, rows };
}

/**
 * Halves a batch whose write set was too large; null where there is nothing to halve. The first half covers and counts
 * nothing: if the program ends between the halves, the whole range is read again, and the rows of the first half are
 * found stored already.
 */
export function halve(work: BatchWork): readonly [BatchWork, BatchWork] | null {
  const middle = Math.ceil(work.rows.length / 2);
  if (middle === work.rows.length) return null;
  return [
    { ...coveringNothing(work), rows: work.rows.slice(0, middle) },
    { ...work, rows: work.rows.slice(middle) },
  ];
}

/** The same rows in a batch that does not count them: another batch covers their range. */
export function coveringNothing(work: BatchWork): BatchWork {
  return { ...work, covers: 'nothing', rowsRead: 0, counts: zeroStatusCounts() };
}
