import { type DecisionSink, type ReadContext } from './context/context.ts';
import { scanTable } from './context/scan.ts';

/**
 * Reads every row, soft-deleted ones included, and decides it. Reads through a read-only connection and nothing else.
 *
 * @returns `stopped` when the operator asked for a stop; the images handed out until then are a prefix of the whole.
 */
export async function plan(context: ReadContext, sink: DecisionSink): Promise<'finished' | 'stopped'> {
  return scanTable(context, 'plan', async (images) => {
    const began = performance.now();
    for (const evidence of images) {
      const pending = sink(evidence, context.decide(evidence));
      if (pending !== undefined) await pending;
    }
    context.clock.add('decide', performance.now() - began);
  });
}
