import { propertyToken } from '../../rules/decide/property-token.ts';
import { type PrePass, readPrePass } from '../../glance/pre-pass.ts';
import { countImages, type ImagePage, readPages } from '../../glance/reader/reader.ts';
import { WHOLE_TABLE } from '../../glance/tables/scan-order.ts';
import type { Phase } from '../../model/event.ts';
import type { ReadContext } from './context.ts';

/** What is known of all images before the first page is read. */
export async function readAhead({ reader, schema, clock, onEvent }: ReadContext): Promise<PrePass> {
  onEvent({ kind: 'phase', phase: 'references', total: null });
  return clock.timed('read', async () => readPrePass(reader, schema, propertyToken));
}

/** Goes once through the whole table, for commands that only read. The pages are steered by what reading them takes. */
export async function* scanTable(context: ReadContext, phase: Phase): AsyncGenerator<ImagePage, void, undefined> {
  const { reader, schema, size, columns, clock, onEvent } = context;
  const counted = countImages(reader);
  // It is awaited behind the pre-pass, which may fail first.
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
