import { type PrePass, readPrePass, type PrePassWanted } from '../../glance/pre-pass.ts';
import { countImages, type ImagePage, readPages } from '../../glance/reader/reader.ts';
import { WHOLE_TABLE } from '../../glance/tables/scan-order.ts';
import type { Phase } from '../../model/event.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { propertyToken } from '../../rules/decide/property-token.ts';
import { type ReadContext, withContent } from './context.ts';
import { stopRequested } from './stop.ts';

/** Reads what must be known of all images before the first page. */
export async function readAhead(
  { reader, schema, clock, onEvent }: ReadContext,
  wanted: PrePassWanted,
): Promise<PrePass> {
  onEvent({ kind: 'phase', phase: 'references', total: null });
  return clock.timed('read', async () => readPrePass(reader, schema, propertyToken, wanted));
}

/**
 * Reads the whole table once, for commands that only read. The time that a page takes to read steers the size of the
 * next.
 *
 * @param onPage takes the images of each page, with their content where that was asked for.
 * @returns `stopped` when the operator asked for a stop; the pages handed out until then are a prefix of the whole.
 */
export async function scanTable(
  context: ReadContext,
  phase: Phase,
  onPage: (images: Iterable<ImageEvidence>, range: ImagePage['range']) => Promise<void>,
): Promise<'finished' | 'stopped'> {
  const { reader, schema, size, columns, clock, onEvent, stop } = context;
  const counted = countImages(reader);
  // Awaited after the pre-pass, which may fail first.
  counted.catch(() => {});
  const { references, cache } = await readAhead(context, { detail: 'ids', digest: 'none' });
  onEvent({ kind: 'phase', phase, total: await counted });
  const onRead = (what: 'rows' | 'properties', rows: number, milliseconds: number): void => {
    clock.add('read', milliseconds);
    if (what === 'rows') size.took(rows, milliseconds);
  };
  const request = {
    range: WHOLE_TABLE,
    columns,
    digest: 'none' as const,
    pageSize: () => size.next(),
    cache,
    onRead,
  };
  let done = 0;
  for await (const { evidence, range } of readPages(reader, schema, references, request)) {
    const images = await withContent(context, evidence);
    if (images === null) return 'stopped';
    await onPage(images, range);
    done += evidence.size;
    onEvent({ kind: 'progress', done });
    if (await stopRequested(stop)) return 'stopped';
  }
  return 'finished';
}
