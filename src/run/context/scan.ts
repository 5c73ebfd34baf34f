import { propertyToken } from '../../rules/decide/property-token.ts';
import { type PrePass, readPrePass } from '../../glance/pre-pass.ts';
import { countImages, type ImagePage, readPages } from '../../glance/reader/reader.ts';
import { WHOLE_TABLE } from '../../glance/tables/scan-order.ts';
import type { Phase } from '../../model/event.ts';
import type { ReadContext } from './context.ts';

/** Reads what must be known of all images before the first page. */
export async function readAhead({ reader, schema, clock, onEvent }: ReadContext): Promise<PrePass> {
  onEvent({ kind: 'phase', phase: 'references', total: null });
  return clock.timed('read', async () => readPrePass(reader, schema, propertyToken));
}

/**
 * Reads the whole table once, for commands that only read. The time that a page takes to read steers the size of the
 * next.
 */
export async function* scanTable(context: ReadContext, phase: Phase): AsyncGenerator<ImagePage, void, undefined> {
  const { reader, schema, size, columns, clock, onEvent } = context;
  const counted = countImages(reader);
  // Awaited after the pre-pass, which may fail first.
  counted.catch(() => {});
  const { references, cache } = await readAhead(context);
  onEvent({ kind: 'phase', phase, total: await counted });
  yield* readPages(reader, schema, references, {
    range: WHOLE_TABLE,
    columns,
    pageSize: () => size.next(),
    cache,
    onRead: (what, rows, milliseconds) => {
      clock.add('read', milliseconds);
      if (what === 'rows') size.took(rows, milliseconds);
    },
  });
}
