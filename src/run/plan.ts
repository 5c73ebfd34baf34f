import type { Decision } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import { withContent, type ReadContext } from './context.ts';
import { stopRequested } from './stop-request.ts';
import { scanTable } from './scan.ts';

/** Takes decided images one by one, in scan order. A promise is awaited before the next image comes. */
export type DecisionSink = (evidence: ImageEvidence, decision: Decision) => void | Promise<void>;

/**
 * Streams every row, soft-deleted ones included, and decides it. Reads through a read-only connection and nothing else.
 *
 * @returns `stopped` when the operator asked for it; what was handed out until then is a prefix of the whole.
 */
export async function plan(context: ReadContext, sink: DecisionSink): Promise<'finished' | 'stopped'> {
  let done = 0;
  for await (const page of scanTable(context, 'plan')) {
    const images = await withContent(context, page.evidence);
    if (images === null) {
      return 'stopped';
    }
    const began = performance.now();
    for (const evidence of images) {
      const pending = sink(evidence, context.decide(evidence));
      if (pending !== undefined) {
        await pending;
      }
    }
    context.clock.add('decide', performance.now() - began);
    done += page.evidence.size;
    context.onEvent({ kind: 'progress', done });
    if (await stopRequested(context.stop)) {
      return 'stopped';
    }
  }
  return 'finished';
}
