import { readImages } from '../glance/reader.ts';
import type { References } from '../glance/references.ts';
import { readEntriesById } from '../journal/entries.ts';
import { inLists, LIST_LENGTH } from '../journal/id-lists.ts';
import { IMAGES_TABLE } from '../journal/tables.ts';
import type { Database } from '../db/database.ts';
import { decidePage, rowsToWrite } from './batch-work.ts';
import { commitBatch } from './commit-batch.ts';
import { stopRequested, withContent, type WriteContext } from './context.ts';
import { FOREIGN_SAMPLE, type PassResult } from './first-pass.ts';
import type { BatchPlace } from './write-batch.ts';

/** The rows that earlier passes could not settle. */
export interface TailQuestion {
  /** Ids to look at whatever the journal says: images whose references changed since the last pass. */
  readonly alsoLookAt: readonly string[];
  /** Ids with foreign values in their result columns: they stay as they are. */
  readonly leaveAlone: ReadonlySet<string>;
}

/**
 * Takes what changed behind the first pass: live rows without a journal row (new, or restored) and rows whose legacy tuple or
 * status is no longer the one decided on. New images have random keys, so they land anywhere in the table.
 *
 * @returns `written` 0 when nothing was left.
 */
export async function tailPass(
  context: WriteContext,
  place: BatchPlace,
  run: { readonly id: number; readonly batch: number; readonly pass: number },
  references: References,
  question: TailQuestion,
): Promise<PassResult> {
  let batch = run.batch;
  let written = 0;
  const foreign: string[] = [];
  for await (const ids of unsettledIds(context.reader, question)) {
    const images = await withContent(context, await readImages(context.reader, context.schema, references, ids));
    if (images === null) {
      return { end: 'stopped', batch, written, foreign };
    }
    const stored = await readEntriesById(context.reader, ids);
    const [first, ...rest] = decidePage(images, stored, context.decide);
    if (first === undefined) {
      continue;
    }
    const work = { pass: run.pass, rows: [first, ...rest] } as const;
    if (rowsToWrite(work, new Set()).length === 0) {
      continue;
    }
    const result = await commitBatch(place, run.id, batch + 1, work, context.onEvent);
    batch = result.batch;
    written += result.written;
    foreign.push(...result.foreign.slice(0, FOREIGN_SAMPLE - foreign.length));
    context.onEvent({ kind: 'progress', done: written });
    if (await stopRequested(context.stop)) {
      return { end: 'stopped', batch, written, foreign };
    }
  }
  return { end: 'finished', batch, written, foreign };
}

async function* unsettledIds(reader: Database, question: TailQuestion): AsyncGenerator<readonly string[]> {
  yield* inLists(question.alsoLookAt);
  let after: string | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<Database['query']>> = await reader.query(
      `SELECT i.id FROM images i LEFT JOIN ${IMAGES_TABLE} r ON r.image_id = i.id
       WHERE NOT i.deleted ${after === null ? '' : 'AND i.id > ?'} AND (${unsettledCondition(reader)})
       ORDER BY i.id LIMIT ${LIST_LENGTH}`,
      after === null ? [] : [after],
    );
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    const ids = rows.map((row) => String(row['id'])).filter((id) => !question.leaveAlone.has(id));
    if (ids.length > 0) {
      yield ids;
    }
    after = String(last['id']);
  }
}

/** SQL, aliases `i` and `r`: the image has no journal row, or not the one that was decided on. */
export function unsettledCondition(reader: Database): string {
  const same = (left: string, right: string): string => reader.dialect.sameBytes(left, right);
  return `r.image_id IS NULL OR NOT (${same('i.disk_format', 'r.legacy_disk_format')}) OR NOT (${same(
    'i.container_format',
    'r.legacy_container_format',
  )}) OR NOT (${same('i.status', 'r.glance_status')})`;
}
