import { readPages } from '../glance/reader.ts';
import { idsWithinRange, type ScanRange } from '../glance/scan-order.ts';
import { hasEntries, readEntries, type JournalEntry } from '../journal/entries.ts';
import { type BatchWork, decideBatch } from './batch-work.ts';
import { withContent, type WriteContext } from './context.ts';
import { type PassEvidence, type PassPlace, type PassResult, writeBatches } from './pass.ts';

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
  const batches = decidedPages(context, evidence, gaps, () => {
    stopped = true;
  });
  const result = await writeBatches(context, committing, batches, ({ rowsRead }) => {
    done += rowsRead;
    context.onEvent({ kind: 'progress', done });
  });
  return stopped ? { ...result, end: 'stopped' } : result;
}

async function* decidedPages(
  context: WriteContext,
  { references, shelf }: PassEvidence,
  gaps: readonly ScanRange[],
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  const { reader, schema, clock } = context;
  // A first run meets an empty journal: then no page needs to look for earlier decisions.
  const stored = (await hasEntries(reader))
    ? (range: ScanRange) => readEntries(reader, idsWithinRange(schema, 'r.image_id', range))
    : () => NO_ENTRIES;
  for (const gap of gaps) {
    const request = {
      range: gap,
      columns: context.columns,
      pageSize: () => context.size.next(),
      shelf,
      onRead: (_what: string, _rows: number, milliseconds: number) => clock.add('read', milliseconds),
    };
    for await (const page of readPages(reader, schema, references, request)) {
      const images = await withContent(context, page.evidence);
      if (images === null) {
        onStopped();
        return;
      }
      const entries = await stored(page.range);
      const began = performance.now();
      const work = decideBatch(images, { pass: 1, range: page.range }, entries, context.decide);
      clock.add('decide', performance.now() - began);
      yield work;
    }
  }
}
