import type { PrePass } from '../../glance/pre-pass.ts';
import { readPages } from '../../glance/reader/reader.ts';
import { NO_ROWS } from '../../glance/tables/digest.ts';
import { idsWithinRange, type ScanRange } from '../../glance/tables/scan-order.ts';
import { hasEntries, readEntries, readEntriesById, type JournalEntry } from '../../journal/entries.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { type BatchWork, coveringNothing, type Deciding, decideBatch } from './batch-work.ts';
import { type ReadContext, withContent } from '../context/context.ts';
import { stopRequested } from '../context/stop.ts';
import type { BatchResult } from './commit-batch.ts';
import type { PassResult, WritePass } from './pass.ts';
import type { ReadParts } from './read-parts.ts';

const NO_ENTRIES: ReadonlyMap<string, JournalEntry> = new Map();

/** What a pass over parts of the table reads. */
export interface PagesWanted {
  readonly ranges: readonly ScanRange[];
  readonly pass: number;
  readonly evidence: PrePass;
  /** Notes what was read. */
  readonly parts: ReadParts;
  readonly deciding: Deciding;
}

/**
 * Walks the parts of the table that no committed batch covers, once, in scan order; every page becomes one batch.
 *
 * @param wanted its ranges are those parts, as `readGaps` returns them.
 * @param onRows is called with the rows of each batch that is committed.
 */
export async function firstPass(
  context: ReadContext,
  write: WritePass,
  wanted: PagesWanted,
  onRows: (rows: number) => void,
): Promise<PassResult> {
  return write(
    (onStopped) => decidedPages(context, wanted, onStopped),
    (work, result) => {
      noteLeftOut(wanted.parts, work, result);
      onRows(work.rowsRead);
    },
  );
}

/**
 * Decides rows again that were decided before: those that earlier invocations committed, because a change between them
 * and this invocation shows in no comparison of what this one read, and those that changed since they were read. Writes
 * only rows whose decision is another one now; its batches cover and count nothing.
 *
 * @param onRead is called with the rows read so far.
 */
export async function decideAgain(
  context: ReadContext,
  write: WritePass,
  wanted: PagesWanted,
  onRead: (rows: number) => void,
): Promise<PassResult> {
  return write(
    async function* (onStopped) {
      let done = 0;
      for await (const work of decidedPages(context, wanted, onStopped)) {
        done += work.rowsRead;
        onRead(done);
        if (work.rows.length > 0) yield coveringNothing(work);
        // Hardly any page has something to write, and only writing asks for a stop.
        if (await stopRequested(context.stop)) {
          onStopped();
          return;
        }
      }
    },
    (work, result) => {
      noteLeftOut(wanted.parts, work, result);
    },
  );
}

function noteLeftOut(parts: ReadParts, { part }: BatchWork, { changed }: BatchResult): void {
  if (part !== null && changed.length > 0) parts.leaveOut(part);
}

async function* decidedPages(
  context: ReadContext,
  { ranges, pass, evidence, parts, deciding }: PagesWanted,
  onStopped: () => void,
): AsyncGenerator<BatchWork, void, undefined> {
  const { reader, schema, clock } = context;
  // A first run meets an empty journal: then no page needs to look for earlier decisions.
  const journalled = await hasEntries(reader);
  for (const range of ranges) {
    const request = {
      range,
      columns: context.columns,
      digest: 'of-rows' as const,
      pageSize: () => context.size.next(),
      cache: evidence.cache,
      onRead: (_what: string, _rows: number, milliseconds: number) => clock.add('read', milliseconds),
    };
    let { after } = range;
    for await (const page of readPages(reader, schema, evidence.references, request)) {
      const images = await withContent(context, page.evidence);
      if (images === null) {
        onStopped();
        return;
      }
      const entries = journalled ? await storedEntries(context, page.range, images) : NO_ENTRIES;
      const began = performance.now();
      const part = parts.add({ range: page.range, digest: page.digest });
      const work = decideBatch(images, { pass, range: page.range, part }, entries, deciding);
      clock.add('decide', performance.now() - began);
      after = page.range.until;
      yield work;
    }
    // Rows may be added behind the last one.
    if (after === null || after !== range.until) parts.add({ range: { after, until: range.until }, digest: NO_ROWS });
  }
}

/** Reads the journal rows of the images of a page. */
export async function storedEntries(
  { reader, schema }: Pick<ReadContext, 'reader' | 'schema'>,
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
