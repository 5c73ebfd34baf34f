import { readImages } from '../../glance/reader/reader.ts';
import type { References } from '../../glance/references/references.ts';
import { positionColumn, type ScanRange, withinRange } from '../../glance/reader/scan-order.ts';
import { cutAtBatches } from '../../journal/coverage.ts';
import { readEntriesById, sameLegacyRow } from '../../journal/entries.ts';
import { inLists, LIST_LENGTH } from '../../journal/id-lists.ts';
import { DECISIONS_TABLE, JOURNAL_TABLE } from '../../journal/tables.ts';
import type { Database, DriverRow } from '../../db/database.ts';
import { keyText } from '../../glance/driver-value.ts';
import { comparable } from '../../glance/reader/image-lookup.ts';
import { bindKey } from '../../glance/reader/key-binding.ts';
import type { GlanceSchema } from '../../glance/schema.ts';
import { type BatchWork, decideBatch } from './batch-work.ts';
import { withContent, type WriteContext } from '../context.ts';
import { mergeStreams } from './merge-streams.ts';
import { type PassPlace, type PassResult, writeBatches } from './pass.ts';

/** What one question covers, in batches of the first pass: on SQLite nobody can commit while it is being answered. */
const PART_BATCHES = 8;

/** What a tail pass decides with. */
interface TailEvidence {
  readonly references: References;
  /** Ids to look at whatever the journal says: images whose evidence changed since the last pass. */
  readonly alsoLookAt: readonly string[];
}

/** The rows that earlier passes could not settle. */
export interface TailQuestion {
  /** Counts from 2. */
  readonly pass: number;
  /** Awaited with the first row that there is to decide on: what rows are left is found out meanwhile. */
  readonly evidence: Promise<TailEvidence>;
  /** Ids with foreign values in their result columns: they stay as they are. */
  readonly leaveAlone: ReadonlySet<string>;
}

/**
 * Takes what changed behind the first pass: live rows without a journal row (new, or restored) and rows whose legacy tuple or
 * status is no longer the one decided on. New images have random keys, so they land anywhere in the table.
 *
 * @returns `written` 0 when nothing was left.
 */
export async function tailPass(context: WriteContext, place: PassPlace, question: TailQuestion): Promise<PassResult> {
  // Whoever awaits it is told of a failure; nobody does where the pass ends before.
  question.evidence.catch(() => {});
  let stopped = false;
  let done = 0;
  const batches = decidedLists(context, place, question, () => {
    stopped = true;
  });
  const result = await writeBatches(context, place.committing, batches, ({ rows }) => {
    done += rows.length;
    context.onEvent({ kind: 'progress', done });
  });
  return stopped ? { ...result, end: 'stopped' } : result;
}

async function* decidedLists(
  context: WriteContext,
  place: PassPlace,
  question: TailQuestion,
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  const { reader, schema, decide } = context;
  for await (const ids of unsettledIds(context, place, question)) {
    const { references } = await question.evidence;
    const images = await withContent(context, await readImages(reader, schema, references, ids));
    if (images === null) {
      onStopped();
      return;
    }
    const stored = await readEntriesById(reader, ids);
    const work = decideBatch(images, { pass: question.pass, range: null }, stored, decide);
    if (work.rows.length > 0) yield work;
  }
}

async function* unsettledIds(
  { reader, schema, lanes }: WriteContext,
  { committing, within }: PassPlace,
  question: TailQuestion,
): AsyncGenerator<readonly string[], void, undefined> {
  // Nothing is left nearly everywhere, so that finding what is takes all the time there is to save.
  const parts = await cutAtBatches(reader, schema, committing.runId, within, { parts: lanes, batches: PART_BATCHES });
  const shares = Array.from({ length: lanes }, (_, lane) => parts.filter((__, index) => index % lanes === lane));
  const evidenceByKey = question.evidence.then(({ alsoLookAt }) => byKey(schema, alsoLookAt));
  evidenceByKey.catch(() => {});
  for await (const ids of mergeStreams(shares.map((share) => unsettledWithinAll(reader, schema, share, question)))) {
    const also = await evidenceByKey;
    // Those come below. Lists are written side by side, so an image in two of them would be written twice.
    const others = also.size === 0 ? ids : ids.filter((id) => !also.has(comparable(schema, id)));
    if (others.length > 0) yield others;
  }
  for (const ids of inLists([...(await evidenceByKey).values()])) yield await idsWithin(reader, schema, within, ids);
}

/** Ids by the form in which those that the database takes for the same are equal. */
function byKey(schema: GlanceSchema, ids: readonly string[]): ReadonlyMap<string, string> {
  return new Map(ids.map((id) => [comparable(schema, id), id]));
}

async function* unsettledWithinAll(
  reader: Database,
  schema: GlanceSchema,
  parts: readonly ScanRange[],
  question: TailQuestion,
): AsyncGenerator<readonly string[], void, undefined> {
  for (const part of parts) yield* unsettledWithin(reader, schema, part, question);
}

async function* unsettledWithin(
  reader: Database,
  schema: GlanceSchema,
  within: ScanRange,
  question: TailQuestion,
): AsyncGenerator<readonly string[], void, undefined> {
  const position = positionColumn(schema, 'i');
  let { after } = within;
  for (;;) {
    const range = withinRange(schema, 'i', { after, until: within.until });
    const rows: readonly DriverRow[] = await reader.query(
      `SELECT i.id, ${position} AS position FROM ${UNSETTLED_SOURCE}
       WHERE ${range.sql} AND ${unsettledCondition(reader)} ORDER BY ${position} LIMIT ${LIST_LENGTH}`,
      range.bindings,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    const ids = rows.map((row) => String(row['id'])).filter((id) => !question.leaveAlone.has(id));
    if (ids.length > 0) yield ids;
    after = keyText(last['position']);
  }
}

/** Those of a list that stand in a part of the table. */
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

/** SQL, aliases `i`, `r` and `d`: live images beside their journal rows and the decisions that these name. */
export const UNSETTLED_SOURCE = `images i LEFT JOIN ${JOURNAL_TABLE} r ON r.image_id = i.id LEFT JOIN ${DECISIONS_TABLE} d ON d.decision_key = r.decision_key`;

/** SQL on `UNSETTLED_SOURCE`: the image is live and has no journal row, or not the one that was decided on. */
export function unsettledCondition(database: Database): string {
  return `NOT i.deleted AND (d.decision_key IS NULL OR NOT (${sameLegacyRow(database)}))`;
}
