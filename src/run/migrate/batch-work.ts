import type { ImageEvidence, ImageRecord, RowShape } from '../../model/image.ts';
import { type StatusCounts, zeroStatusCounts } from '../../model/vocabulary.ts';
import type { BatchRecord } from '../../journal/batches.ts';
import { storedForm, type StoredForm } from '../../journal/decisions.ts';
import type { JournalEntry } from '../../journal/entries.ts';
import { NO_PROPERTIES } from '../../glance/properties/properties.ts';
import { ABSENT } from '../../glance/references/targets.ts';
import { ShapedRecord } from '../../glance/reader/shaped-row.ts';
import type { Decide } from '../context/context.ts';
import type { ReadPart } from './read-parts.ts';

/** One live image with its decision and its journal row so far. */
export interface DecidedRow {
  readonly image: ImageRecord;
  /** The decision, as the journal stores it. */
  readonly form: StoredForm;
  /** null where the journal has no row. */
  readonly stored: JournalEntry | null;
}

/** The rows of one batch. */
export interface BatchWork {
  /** 1: the pass over the whole table; 2 and later: tail passes. */
  readonly pass: number;
  /** The part of the table that the rows come from; null where they come from anywhere. */
  readonly range: BatchRecord['range'];
  /** `range`: once the batch is committed, its whole range counts as done. */
  readonly covers: 'range' | 'nothing';
  /** Rows read, soft-deleted ones included. */
  readonly rowsRead: number;
  readonly counts: StatusCounts;
  /** The rows that must be written: live, and not yet stored exactly so. In scan order. */
  readonly rows: readonly DecidedRow[];
  /** How the server can write some of them by itself; null where every row is written by its id. */
  readonly shared: SharedRows | null;
  /** What the rows were read from; null where they come from anywhere. */
  readonly part: ReadPart | null;
}

/** Rows of a batch whose decision follows from their own columns alone. */
interface SharedRows {
  /** The key of the decision by the text of the row's shape; the most frequent shapes first. */
  readonly keyByShape: ReadonlyMap<string, string>;
  /** The other rows that must be written. */
  readonly own: readonly DecidedRow[];
  /** Ids of rows in the range that are stored already, or stay as they are. */
  readonly done: readonly string[];
}

/**
 * The decision of a live image about which nothing is known but its own columns, by the shape of its row. null where
 * the shape has no text.
 */
export type SharedForms = (shape: RowShape) => StoredForm | null;

/** Decides each shape once. */
export function createSharedForms(decide: Decide): SharedForms {
  const known = new WeakMap<RowShape, StoredForm>();
  return (shape) => {
    if (shape.text === undefined) return null;
    let form = known.get(shape);
    if (form === undefined) {
      const image = new ShapedRecord('', null, shape);
      const plain = { image, shape, properties: NO_PROPERTIES, lostProperties: NO_PROPERTIES };
      form = storedForm(decide({ ...plain, kernel: ABSENT, ramdisk: ABSENT, referencedBy: null }), image);
      known.set(shape, form);
    }
    return form;
  };
}

/** What a process decides with. */
export interface Deciding {
  readonly decide: Decide;
  readonly sharedForms: SharedForms;
  /** Ids with foreign values in their result columns: they stay as they are. */
  readonly leaveAlone: ReadonlySet<string>;
}

/**
 * Decides rows and keeps those that must be written. Counts soft-deleted rows and never writes them. Pure, save for
 * caches inside `decide` and `sharedForms`.
 */
export function decideBatch(
  images: Iterable<ImageEvidence>,
  place: Pick<BatchWork, 'pass' | 'range' | 'part'>,
  stored: ReadonlyMap<string, JournalEntry>,
  { decide, sharedForms, leaveAlone }: Deciding,
): BatchWork {
  const counts = zeroStatusCounts();
  const rows: DecidedRow[] = [];
  const own: DecidedRow[] = [];
  const done: string[] = [];
  const shapes = new Map<RowShape, number>();
  let rowsRead = 0;
  for (const evidence of images) {
    const { image, shape } = evidence;
    const decision = decide(evidence);
    counts[decision.status] += 1;
    rowsRead += 1;
    if (image.deleted) {
      // It may come back before the batch is written, and an image has one journal row.
      if (stored.has(image.id)) done.push(image.id);
      continue;
    }
    const form = storedForm(decision, image);
    const entry = stored.size === 0 ? null : (stored.get(image.id) ?? null);
    if (entry?.decisionKey === form.key || leaveAlone.has(image.id)) {
      done.push(image.id);
      continue;
    }
    const row = { image, form, stored: entry };
    rows.push(row);
    if (entry === null && shape !== undefined && sharedForms(shape)?.key === form.key)
      shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    else own.push(row);
  }
  const covers = place.range === null ? ('nothing' as const) : ('range' as const);
  const shared =
    place.range === null || shapes.size === 0 ? null : { keyByShape: keysOf(shapes, sharedForms), own, done };
  return { ...place, covers, rowsRead, counts, rows, shared };
}

function keysOf(shapes: ReadonlyMap<RowShape, number>, sharedForms: SharedForms): ReadonlyMap<string, string> {
  const frequent = [...shapes].toSorted(([, one], [, other]) => other - one);
  return new Map(frequent.map(([shape]) => [shape.text ?? '', sharedForms(shape)?.key ?? '0']));
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
    { ...coveringNothing(work), rows: work.rows.slice(0, middle), shared: null },
    { ...work, rows: work.rows.slice(middle), shared: null },
  ];
}

/** The same rows in a batch that does not count them: another batch covers their range. */
export function coveringNothing(work: BatchWork): BatchWork {
  return { ...work, covers: 'nothing', rowsRead: 0, counts: zeroStatusCounts() };
}
