import type { PrePass } from '../../glance/pre-pass.ts';
import { readPages } from '../../glance/reader/reader.ts';
import { idsWithinRange, type ScanRange } from '../../glance/tables/scan-order.ts';
import { hasEntries, readEntries, readEntriesById, type JournalEntry } from '../../journal/entries.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { type BatchWork, decideBatch, coveringNothing } from './batch-work.ts';
import { type ReadContext, withContent } from '../context/context.ts';
import { stopRequested } from '../context/stop.ts';
import type { PassResult, WritePass } from './pass.ts';

const NO_ENTRIES: ReadonlyMap<string, JournalEntry> = new Map();

/**
 * Walks the parts of the table that no committed batch covers, once, in scan order; every page becomes one batch.
 *
 * @param gaps those parts, as `readGaps` returns them.
 * @param before rows that earlier batches cover, for the progress.
 */
export async function firstPass(
  context: ReadContext,
  write: WritePass,
  evidence: PrePass,
  gaps: readonly ScanRange[],
  before: number,
): Promise<PassResult> {
  let done = before;
  return write(
    (onStopped) => decidedPages(context, evidence, { ranges: gaps, pass: 1 }, onStopped),
    ({ rowsRead }) => {
      done += rowsRead;
      context.onEvent({ kind: 'progress', done });
    },
  );
}

/**
 * Decides again the rows that earlier invocations committed: a change between them and this invocation shows in no
 * comparison of what this one read before and after. Writes only rows whose decision is another one now; its batches
 * cover and count nothing.
 */
export async function decideAgain(
  context: ReadContext,
  write: WritePass,
  evidence: PrePass,
  wanted: PagesWanted,
): Promise<PassResult> {
  return write(
    async function* (onStopped) {
      let done = 0;
      for await (const work of decidedPages(context, evidence, wanted, onStopped)) {
        done += work.rowsRead;
        context.onEvent({ kind: 'progress', done });
        if (work.rows.length > 0) yield coveringNothing(work);
        // Hardly any page has something to write, and only writing asks for a stop.
        if (await stopRequested(context.stop)) {
          onStopped();
          return;
        }
      }
    },
    () => {},
  );
}

interface PagesWanted {
  readonly ranges: readonly ScanRange[];
  readonly pass: number;
}

async function* decidedPages(
  context: ReadContext,
  { references, cache }: PrePass,
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

async function storedEntries(
  { reader, schema }: ReadContext,
  range: ScanRange,
  images: Iterable<ImageEvidence>,
): Promise<ReadonlyMap<string, JournalEntry>> {
  if (schema.scan.kind === 'key') return readEntries(reader, idsWithinRange(schema, 'r.image_id', range));
  // Not by a subquery on images: it misses an image that was purged since, whose journal row is still there.
  return readEntriesById(
    reader,
    Array.from(images, ({ image }) => image.id),
  );
}
