import { readPages } from '../glance/reader.ts';
import type { References } from '../glance/references.ts';
import { hasEntriesAfter, readEntries, type JournalEntry } from '../journal/entries.ts';
import type { Checkpoint } from '../journal/batches.ts';
import { decidePage, type DecidedRow } from './batch-work.ts';
import { commitBatch } from './commit-batch.ts';
import { stopRequested, withContent, type WriteContext } from './context.ts';
import { oneAhead } from './one-ahead.ts';
import type { BatchPlace } from './write-batch.ts';

/** Where a pass ended, and what it met. */
export interface PassResult {
  readonly end: 'finished' | 'stopped';
  /** Number of the last committed batch. */
  readonly batch: number;
  readonly written: number;
  /** Ids whose result columns hold foreign values: never overwritten. Bounded by `FOREIGN_SAMPLE`. */
  readonly foreign: readonly string[];
}

/** As many foreign ids are kept for the report; the rest is only counted by verify. */
export const FOREIGN_SAMPLE = 10_000;

const NO_ENTRIES: ReadonlyMap<string, JournalEntry> = new Map();

/**
 * Walks the whole table once in key order, from the checkpoint on; every page becomes one batch. While one page is written, the
 * next is decided on and the one after that is read.
 */
export async function firstPass(
  context: WriteContext,
  place: BatchPlace,
  runId: number,
  references: References,
  checkpoint: Checkpoint,
): Promise<PassResult> {
  let batch = checkpoint.batch;
  let done = checkpoint.rowsRead;
  let written = 0;
  const foreign: string[] = [];
  for await (const page of oneAhead(decidedPages(context, references, checkpoint))) {
    if (page === 'stopped') {
      return { end: 'stopped', batch, written, foreign };
    }
    const [first, ...rest] = page;
    const result = await commitBatch(place, runId, batch + 1, { pass: 1, rows: [first, ...rest] }, context.onEvent);
    batch = result.batch;
    written += result.written;
    foreign.push(...result.foreign.slice(0, FOREIGN_SAMPLE - foreign.length));
    done += rest.length + 1;
    context.onEvent({ kind: 'progress', done });
    if (await stopRequested(context.stop)) {
      return { end: 'stopped', batch, written, foreign };
    }
  }
  return { end: 'finished', batch, written, foreign };
}

async function* decidedPages(
  context: WriteContext,
  references: References,
  checkpoint: Checkpoint,
): AsyncGenerator<readonly [DecidedRow, ...DecidedRow[]] | 'stopped', void, undefined> {
  // A first run meets an empty journal: then no page needs to look for earlier decisions.
  const journalAhead = await hasEntriesAfter(context.reader, checkpoint.watermark);
  let after = checkpoint.watermark;
  const pages = readPages(context.reader, context.schema, references, { after, pageSize: context.pageSize });
  for await (const page of pages) {
    const images = await withContent(context, page.images);
    if (images === null) {
      yield 'stopped';
      return;
    }
    const stored = journalAhead ? await readEntries(context.reader, { after, until: page.lastKey }) : NO_ENTRIES;
    after = page.lastKey;
    const [first, ...rest] = decidePage(images, stored, context.decide);
    if (first !== undefined) {
      yield [first, ...rest];
    }
  }
}
