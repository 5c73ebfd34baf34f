import { readPages } from '../glance/reader.ts';
import type { References } from '../glance/references.ts';
import { hasEntriesAfter, readEntries, type JournalEntry } from '../journal/entries.ts';
import type { Checkpoint } from '../journal/batches.ts';
import { decidePage } from './batch-work.ts';
import { commitBatch } from './commit-batch.ts';
import type { WriteContext } from './context.ts';
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
 * Walks the whole table once in key order, from the checkpoint on; every page becomes one batch. Reading the next page and
 * writing this one overlap.
 */
export async function firstPass(
  context: WriteContext,
  place: BatchPlace,
  runId: number,
  references: References,
  checkpoint: Checkpoint,
): Promise<PassResult> {
  // A first run meets an empty journal: then no page needs to look for earlier decisions.
  const journalAhead = await hasEntriesAfter(context.reader, checkpoint.watermark);
  let after = checkpoint.watermark;
  let batch = checkpoint.batch;
  let done = checkpoint.rowsRead;
  let written = 0;
  const foreign: string[] = [];
  const pages = readPages(context.reader, context.schema, references, { after, pageSize: context.pageSize });
  for await (const page of pages) {
    const stored = journalAhead ? await readEntries(context.reader, { after, until: page.lastKey }) : NO_ENTRIES;
    const [first, ...rest] = decidePage(page.images, stored, context.decide);
    if (first === undefined) {
      continue;
    }
    const result = await commitBatch(place, runId, batch + 1, { pass: 1, rows: [first, ...rest] }, context.onEvent);
    batch = result.batch;
    written += result.written;
    foreign.push(...result.foreign.slice(0, FOREIGN_SAMPLE - foreign.length));
    after = page.lastKey;
    done += page.images.length;
    context.onEvent({ kind: 'progress', done });
    if (context.stop.requested()) {
      return { end: 'stopped', batch, written, foreign };
    }
  }
  return { end: 'finished', batch, written, foreign };
}
