import { countImages, readPages } from '../glance/reader.ts';
import { readReferences } from '../glance/references.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import { stopRequested, withContent, type ReadContext } from './context.ts';

/** Takes decided images one by one, in the database's key order. A promise is awaited before the next image comes. */
export type DecisionSink = (evidence: ImageEvidence, decision: Decision) => void | Promise<void>;

/**
 * Streams every row, soft-deleted ones included, and decides it. Reads through a read-only connection and nothing else.
 *
 * @returns `stopped` when the operator asked for it; what was handed out until then is a prefix of the whole.
 */
export async function plan(context: ReadContext, sink: DecisionSink): Promise<'finished' | 'stopped'> {
  context.onEvent({ kind: 'phase', phase: 'references', total: null });
  const references = await readReferences(context.reader, context.schema);
  context.onEvent({ kind: 'phase', phase: 'plan', total: await countImages(context.reader) });
  let done = 0;
  const pages = readPages(context.reader, context.schema, references, { after: null, pageSize: context.pageSize });
  for await (const page of pages) {
    const images = await withContent(context, page.images);
    if (images === null) {
      return 'stopped';
    }
    for (const evidence of images) {
      const pending = sink(evidence, context.decide(evidence));
      if (pending !== undefined) {
        await pending;
      }
    }
    done += page.images.length;
    context.onEvent({ kind: 'progress', done });
    if (await stopRequested(context.stop)) {
      return 'stopped';
    }
  }
  return 'finished';
}
