import { readPages } from '../../glance/reader/reader.ts';
import { idsWithinRange, type ScanRange } from '../../glance/reader/scan-order.ts';
import { hasEntries, readEntries, readEntriesById, type JournalEntry } from '../../journal/entries.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { type BatchWork, decideBatch, settlingNothing } from './batch-work.ts';
import { withContent, type WriteContext } from '../context.ts';
import { type PassEvidence, type PassPlace, type PassResult, writeBatches } from './pass.ts';
import { stopRequested } from '../stop-request.ts';

const NO_ENTRIES: ReadonlyMap<string, JournalEntry> = new Map();

/**
 * Walks what is not settled yet of the table, once, in scan order; every page becomes one batch.
 *
 * @param gaps what is not settled, as `readGaps` tells.
 * @param settled rows settled before, for the progress.
 */
export async function firstPass(
  context: WriteContext,
  { committing }: PassPlace,
  evidence: PassEvidence,
  gaps: readonly ScanRange[],
  settled: number,
): Promise<PassResult> {
  let done = settled;
  let stopped = false;
  const batches = decidedPages(context, evidence, { ranges: gaps, pass: 1 }, () => {
    stopped = true;
  });
  const result = await writeBatches(context, committing, batches, ({ rowsRead }) => {
    done += rowsRead;
    context.onEvent({ kind: 'progress', done });
  });
  return stopped ? { ...result, end: 'stopped' } : result;
}

/**
 * Decides once more on what earlier invocations settled: what others changed between these and this one shows in no comparison of what
 * this one read before and after. Only rows whose decision is another one now are written; nothing is settled or counted again.
 */
export async function secondLook(
  context: WriteContext,
  { committing }: PassPlace,
  evidence: PassEvidence,
  place: PagesWanted,
): Promise<PassResult> {
  let stopped = false;
  const batches = differingPages(context, evidence, place, () => {
    stopped = true;
  });
  const result = await writeBatches(context, committing, batches, () => {});
  return stopped ? { ...result, end: 'stopped' } : result;
}

/** Which part of the table is walked, in which pass. */
interface PagesWanted {
  readonly ranges: readonly ScanRange[];
  readonly pass: number;
}

async function* differingPages(
  context: WriteContext,
  evidence: PassEvidence,
  place: PagesWanted,
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  let done = 0;
  for await (const work of decidedPages(context, evidence, place, onStopped)) {
    done += work.rowsRead;
    context.onEvent({ kind: 'progress', done });
    if (work.rows.length > 0) yield settlingNothing(work);
    // Hardly any page has something to write, so nobody else asks.
    if (await stopRequested(context.stop)) {
      onStopped();
      return;
    }
  }
}

async function* decidedPages(
  context: WriteContext,
  { references, cache }: PassEvidence,
  { ranges, pass }: PagesWanted,
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  const { reader, schema, clock } = context;
  // A first run meets an empty journal: then no page needs to look for earlier decisions.
  const journalled = await hasEntries(reader);
  for (const range of ranges) {
    const request = {
      range,
      columns: context.columns,
      pageSize: () => context.size.next(),
      cache,
      onRead: (_what: string, _rows: number, milliseconds: number) => clock.add('read', milliseconds),
    };
    for await (const page of readPages(reader, schema, references, request)) {
      const images = await withContent(context, page.evidence);
      if (images === null) {
        onStopped();
        return;
      }
      const entries = journalled ? await storedEntries(context, page.range, images) : NO_ENTRIES;
      const began = performance.now();
      const work = decideBatch(images, { pass, range: page.range }, entries, context.decide);
      clock.add('decide', performance.now() - began);
      yield work;
    }
  }
}

/** What the journal has of the images of a page. */
async function storedEntries(
  { reader, schema }: WriteContext,
  range: ScanRange,
  images: Iterable<ImageEvidence>,
): Promise<ReadonlyMap<string, JournalEntry>> {
  if (schema.scan.kind === 'key') return readEntries(reader, idsWithinRange(schema, 'r.image_id', range));
  // Not by a list that the database makes: an image that was purged since the page was read is on none, and its journal row is still there.
  return readEntriesById(
    reader,
    Array.from(images, ({ image }) => image.id),
  );
}
