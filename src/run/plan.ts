import { type DecisionSink, type ReadContext, withContent } from './context/context.ts';
import { stopRequested } from './context/stop.ts';
import { scanTable } from './context/scan.ts';

/**
 * Reads every row, soft-deleted ones included, and decides it. Reads through a read-only connection and nothing else.
 *
 * @returns `stopped` when the operator asked for a stop; the images handed out until then are a prefix of the whole.
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
