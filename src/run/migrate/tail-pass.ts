import type { PrePass } from '../../glance/pre-pass.ts';
import { readRecentlyChanged } from '../../glance/properties/properties.ts';
import { readReferrers, type References } from '../../glance/references/references.ts';
import { sameTarget } from '../../glance/references/targets.ts';
import { type GlanceSchema } from '../../glance/tables/schema.ts';
import { type ScanRange, withinRange } from '../../glance/tables/scan-order.ts';
import { comparable, bindKey } from '../../glance/tables/keys.ts';
import type { Database } from '../../db/database.ts';
import { readImages } from '../../glance/reader/reader.ts';
import { cutAtBatches } from '../../journal/coverage.ts';
import { readEntriesById } from '../../journal/entries.ts';
import { inLists } from '../../journal/table-pages.ts';
import { pendingIds } from '../../journal/pending.ts';
import { type BatchWork, decideBatch } from './batch-work.ts';
import { type ReadContext, withContent } from '../context/context.ts';
import type { PassResult, WritePass } from './pass.ts';
import { mergeStreams } from './streams.ts';

/** Batches of the first pass that one search covers: on SQLite nobody can commit while the search runs. */
const PART_BATCHES = 8;

interface TailEvidence {
  readonly references: References;
  /** Ids to decide whatever the journal says: images whose evidence changed since the last pass. */
  readonly alsoLookAt: readonly string[];
}

export interface TailWanted {
  /** Counts from 2. */
  readonly pass: number;
  /** Awaited with the first row that there is to decide: the search for rows runs meanwhile. */
  readonly evidence: Promise<TailEvidence>;
  /** Ids with foreign values in their result columns: they stay as they are. */
  readonly leaveAlone: ReadonlySet<string>;
  readonly runId: number;
  /** The part of the table that this process works on. */
  readonly within: ScanRange;
  /** Searches that run at the same time, at least 1. */
  readonly searches: number;
}

/**
 * Takes the rows that changed behind the first pass: live rows without a journal row (new, or restored), and rows whose
 * legacy tuple or status is no longer the one decided on. New images have random keys, so they are anywhere in the
 * table.
 *
 * @returns `written` 0 when nothing was left.
 */
export async function tailPass(context: ReadContext, write: WritePass, wanted: TailWanted): Promise<PassResult> {
  // A failure reaches the code that awaits the evidence; none does where the pass ends before.
  wanted.evidence.catch(() => {});
  let done = 0;
  return write(
    (onStopped) => decidedLists(context, wanted, onStopped),
    ({ rows }) => {
      done += rows.length;
      context.onEvent({ kind: 'progress', done });
    },
  );
}

async function* decidedLists(
  context: ReadContext,
  wanted: TailWanted,
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  const { reader, schema, decide } = context;
  for await (const ids of wantedIds(reader, schema, wanted)) {
    const { references } = await wanted.evidence;
    const images = await withContent(context, await readImages(reader, schema, references, ids));
    if (images === null) {
      onStopped();
      return;
    }
    const stored = await readEntriesById(reader, ids);
    const work = decideBatch(images, { pass: wanted.pass, range: null }, stored, decide);
    if (work.rows.length > 0) yield work;
  }
}

async function* wantedIds(
  reader: Database,
  schema: GlanceSchema,
  wanted: TailWanted,
): AsyncGenerator<readonly string[], void, undefined> {
  const { runId, within, searches } = wanted;
  // Nearly all parts have nothing left, so the search itself takes the time; several searches save it.
  const parts = await cutAtBatches(reader, schema, runId, within, { parts: searches, batches: PART_BATCHES });
  const shares = Array.from({ length: searches }, (_, search) =>
    parts.filter((__, index) => index % searches === search),
  );
  const evidenceByKey = wanted.evidence.then(
    ({ alsoLookAt }) => new Map(alsoLookAt.map((id) => [comparable(schema, id), id])),
  );
  evidenceByKey.catch(() => {});
  for await (const ids of mergeStreams(shares.map((share) => pendingWithinAll(reader, schema, share, wanted)))) {
    const also = await evidenceByKey;
    // Those come below. Lists are written side by side, so an image in two lists would be written twice.
    const others = also.size === 0 ? ids : ids.filter((id) => !also.has(comparable(schema, id)));
    if (others.length > 0) yield others;
  }
  for (const ids of inLists([...(await evidenceByKey).values()])) yield await idsWithin(reader, schema, within, ids);
}

async function* pendingWithinAll(
  reader: Database,
  schema: GlanceSchema,
  parts: readonly ScanRange[],
  { leaveAlone }: Pick<TailWanted, 'leaveAlone'>,
): AsyncGenerator<readonly string[], void, undefined> {
  for (const part of parts) {
    for await (const found of pendingIds(reader, schema, part)) {
      const ids = found.filter((id) => !leaveAlone.has(id));
      if (ids.length > 0) yield ids;
    }
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
