import type { PrePass } from '../../glance/pre-pass.ts';
import { samePropertiesAs } from '../../glance/pre-pass.ts';
import { readRecentlyChanged } from '../../glance/properties/properties.ts';
import { readReferrers } from '../../glance/references/references.ts';
import { sameTarget } from '../../glance/references/targets.ts';
import { type GlanceSchema } from '../../glance/tables/schema.ts';
import { type ScanRange, withinRange } from '../../glance/tables/scan-order.ts';
import { bindKey } from '../../glance/tables/keys.ts';
import type { Database } from '../../db/database.ts';
import { readImages } from '../../glance/reader/reader.ts';
import { readEntriesById } from '../../journal/entries.ts';
import { inLists } from '../../journal/table-pages.ts';
import { type BatchWork, decideBatch } from './batch-work.ts';
import { type ReadContext, withContent } from '../context/context.ts';
import { readAhead } from '../context/scan.ts';
import { decideAgain, type PagesWanted } from './first-pass.ts';
import type { MigrateContext, PassResult, WritePass } from './pass.ts';

export interface TailWanted extends Pick<PagesWanted, 'parts' | 'deciding'> {
  /** Counts from 2. */
  readonly pass: number;
  /** What the rows were decided with so far. */
  readonly before: PrePass;
  /** The part of the table that this process works on. */
  readonly within: ScanRange;
  /** `Dialect.changeMark` before anything of `parts` and `before` was read or compared. */
  readonly mark: string | null;
  /** Comparisons that run at the same time, at least 1. */
  readonly searches: number;
}

export interface TailResult {
  /** What the next pass compares with. */
  readonly evidence: PrePass;
  /** `Dialect.changeMark` before this pass compared anything. */
  readonly mark: string | null;
  readonly results: readonly PassResult[];
}

/** Reads `Dialect.changeMark` on the connection that writes: its own commits do not change it. */
export async function readChangeMark(writer: Database): Promise<string | null> {
  return writer.transaction(async (trx) => writer.dialect.changeMark(trx));
}

const NOTHING: PassResult = { end: 'finished', written: 0, changed: 0, foreign: [] };

/**
 * Takes the rows that changed behind the first pass. The server computes digests of what was read, and only what
 * differs is read again: pages with rows that were added, removed or changed, and images whose evidence changed
 * although their own rows did not. New images have random keys, so they are anywhere in the table. Nothing is compared
 * where the engine tells that nobody else has committed anything.
 *
 * @returns results with nothing written and nothing changed when nothing was left.
 */
export async function tailPass(
  context: ReadContext & Pick<MigrateContext, 'writer'>,
  write: WritePass,
  wanted: TailWanted,
): Promise<TailResult> {
  const { reader, writer, schema, onEvent } = context;
  const { pass, before, within, parts, deciding, searches } = wanted;
  onEvent({ kind: 'phase', phase: 'tail', total: parts.rows });
  const mark = await readChangeMark(writer);
  if (mark !== null && mark === wanted.mark && parts.allWritten) return { evidence: before, mark, results: [NOTHING] };
  let compared = 0;
  const ranges = await parts.takeChanged(context, searches, (rows) => {
    compared += rows;
    onEvent({ kind: 'progress', done: compared });
  });
  // A shard compares its own rows only, and its evidence comes from all of them.
  const whole = within.after === null && within.until === null;
  if (whole && ranges.length === 0 && (await samePropertiesAs(before, reader, schema)))
    return { evidence: before, mark, results: [NOTHING] };
  const evidence = await readAhead(context, { detail: 'ids', digest: 'of-rows' });
  onEvent({ kind: 'phase', phase: 'tail', total: null });
  const again = await decideAgain(context, write, { ranges, pass, evidence, parts, deciding }, (done) => {
    onEvent({ kind: 'progress', done });
  });
  if (again.end !== 'finished') return { evidence, mark, results: [again] };
  const ids = await changedEvidence(reader, schema, before, evidence);
  const listed = await write(
    (onStopped) => decidedLists(context, { ...wanted, evidence }, ids, onStopped),
    () => {},
  );
  return { evidence, mark, results: [again, listed] };
}

async function* decidedLists(
  context: ReadContext,
  { pass, evidence, within, deciding }: TailWanted & { readonly evidence: PrePass },
  wanted: readonly string[],
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  const { reader, schema } = context;
  for (const list of inLists(wanted)) {
    const ids = await idsWithin(reader, schema, within, list);
    const images = await withContent(context, await readImages(reader, schema, evidence.references, ids));
    if (images === null) {
      onStopped();
      return;
    }
    const stored = await readEntriesById(reader, ids);
    const work = decideBatch(images, { pass, range: null, part: null }, stored, deciding);
    if (work.rows.length > 0) yield work;
  }
}

async function idsWithin(
  reader: Database,
  schema: GlanceSchema,
  within: ScanRange,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (within.after === null && within.until === null) return ids;
  const range = withinRange(schema, 'i', within);
  const rows = await reader.query(
    `SELECT i.id FROM images i WHERE i.id IN (${ids.map(() => '?').join(', ')}) AND ${range.sql}`,
    [...ids.map((id) => bindKey(schema, id)), ...range.bindings],
  );
  return rows.map((row) => String(row['id']));
}

/** What to do after the tail passes so far. `chasing`: Glance changes images as fast as passes write them. */
export type TailState = 'again' | 'done' | 'chasing';

/** Passes to try before one that finds no fewer rows than its predecessor ends the run. */
const PATIENCE = 3;

/**
 * Decides whether another tail pass is worthwhile. Each takes as long as the search for pending rows, and beside a busy
 * Glance there are always some: without a bound the last rows would be chased until the cutover.
 *
 * @param found rows written by each tail pass of this invocation, oldest first; at least one.
 */
export function tailState(found: readonly number[]): TailState {
  const [last = 0, before = Number.POSITIVE_INFINITY] = found.toReversed();
  if (last === 0) return 'done';
  return found.length >= PATIENCE && last >= before ? 'chasing' : 'again';
}

/**
 * Finds images whose evidence changed between two pre-passes although their own rows did not, so that no comparison of
 * rows finds them: images that others began or ceased to name; images that name one that was deleted, restored or
 * changed (the properties are read once more for these); and images whose properties mean something else now or name
 * other images. Where properties are not cached, Glance's own time stamps tell which of them changed.
 *
 * Ids are compared one by one and dropped: a large table has hundreds of thousands of named images. The
 * rechangedTargets ids are held: a changed kernel brings every image that names it.
 */
export async function changedEvidence(
  reader: Database,
  schema: GlanceSchema,
  before: PrePass,
  after: PrePass,
): Promise<readonly string[]> {
  const changed = new Set<string>();
  const changedTargets: string[] = [];
  for (const id of before.references.targetIds()) {
    const old = before.references.referencedBy(id);
    const now = after.references.referencedBy(id);
    if (old?.asKernel !== now?.asKernel || old?.asRamdisk !== now?.asRamdisk) changed.add(id);
  }
  for (const id of after.references.targetIds()) {
    if (before.references.referencedBy(id) === null) changed.add(id);
    if (!sameTarget(before.references.targetOf(id), after.references.targetOf(id))) changedTargets.push(id);
  }
  if (changedTargets.length > 0) {
    for await (const referrers of readReferrers(reader, schema, changedTargets))
      for (const id of referrers) changed.add(id);
  }
  if (before.cache !== null && after.cache !== null) {
    for (const id of before.cache.differing(after.cache)) changed.add(id);
    for (const id of after.cache.differing(before.cache)) changed.add(id);
  } else if (before.since !== null) {
    for await (const ids of readRecentlyChanged(reader, schema, before.since)) for (const id of ids) changed.add(id);
  }
  return [...changed];
}
