import { SAFETY_CODES } from '../../../src/model/safety.ts';
import { CONFIDENCES, type Verdict } from '../../../src/model/verdict.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../../src/model/vocabulary.ts';
import { perform } from '../../../src/probe/perform/perform.ts';
import { DEFAULT_BUDGET } from '../../../src/probe/reading/budget.ts';
import { probeImage } from '../../../src/probe/probe.ts';
import type { Ask, Reading } from '../../../src/probe/reading/reading.ts';
import { memorySource } from '../../support/images/memory-source.ts';

/** Asks of one image: reading its window step by step at every layer stays far below this. */
const MOST_ASKS = 400;
const LONGEST_ASK = 4 * 1024 * 1024;
/** Reads through a plaintext, of which no more than its end is kept: one a layer and a few for members of archives. */
const MOST_PASSES = 12;

/** What one case asked for. */
interface Asked {
  asks: number;
  expanded: number;
  passes: number;
  longest: number;
}

/** Everything that must hold for any bytes whatever; returns what does not. */
export async function broken(bytes: Uint8Array): Promise<string | null> {
  const asked: Asked = { asks: 0, expanded: 0, passes: 0, longest: 0 };
  const source = memorySource(bytes);
  try {
    const { judgement, inspection } = await perform(
      counted(
        probeImage(() => bytes.length),
        asked,
      ),
      source,
    );
    return objection({ ...judgement, inspection, reach: 'whole', cost: source.cost() }) ?? excess(asked, source.cost());
  } catch (error) {
    return `thrown: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function excess({ asks, expanded, passes, longest }: Asked, cost: Verdict['cost']): string | null {
  if (asks > MOST_ASKS) return `${asks} asks`;
  if (passes > MOST_PASSES) return `${passes} reads through a plaintext`;
  if (longest > LONGEST_ASK) return `an ask for ${longest} bytes`;
  // One ask more may have been refused.
  if (expanded > DEFAULT_BUDGET.expanded * 2) return `${expanded} bytes of decompression asked for`;
  if (cost.requests > DEFAULT_BUDGET.requests) return `${cost.requests} requests`;
  if (cost.bytes > DEFAULT_BUDGET.bytes) return `${cost.bytes} bytes read`;
  return null;
}

function* counted<T>(reading: Reading<T>, asked: Asked): Reading<T> {
  let step = reading.next();
  while (step.done !== true) {
    note(step.value, asked);
    let given: Uint8Array;
    try {
      given = yield step.value;
    } catch (error) {
      step = reading.throw(error);
      continue;
    }
    step = reading.next(given);
  }
  return step.value;
}

function note(ask: Ask, asked: Asked): void {
  asked.asks += 1;
  if (ask.kind === 'expand' && (ask.wanted === 'end' || ask.from > 0)) {
    asked.passes += 1;
    if (ask.limit > DEFAULT_BUDGET.passed) asked.longest = Math.max(asked.longest, ask.limit);
    return;
  }
  asked.longest = Math.max(asked.longest, ask.kind === 'read' ? ask.length : ask.limit);
  if (ask.kind === 'expand') asked.expanded += ask.limit;
}

/** What is wrong with a verdict, whatever the image. */
export function objection(verdict: Verdict): string | null {
  const { imageType, containerType, confidence, envelope, evidence, safety } = verdict;
  if ((imageType === null) !== (confidence === 'undetermined')) return `${imageType} is ${confidence}`;
  if (!CONFIDENCES.includes(confidence)) return `confidence ${confidence}`;
  if (imageType !== null && !IMAGE_TYPES.includes(imageType)) return `type ${imageType}`;
  if (containerType === null && imageType !== null) return 'a type without a container';
  if (containerType !== null && !CONTAINER_TYPES.includes(containerType)) return `container ${containerType}`;
  if (envelope !== null && !ENVELOPES.includes(envelope)) return `envelope ${envelope}`;
  if (imageType === null && verdict.why === '') return 'no reason';
  if (evidence.length > 12) return `${evidence.length} entries of evidence`;
  for (const { offset, detail } of evidence) {
    if (!Number.isSafeInteger(offset) || offset < 0) return `evidence at ${offset}`;
    if (!/^[\x20-\x7e]{1,200}$/u.test(detail)) return `evidence ${JSON.stringify(detail)}`;
  }
  if (safety.some((code) => !SAFETY_CODES.includes(code))) return `safety ${safety.join()}`;
  if ([...new Set(safety)].sort().join() !== safety.join()) return `safety ${safety.join()} not in order`;
  return null;
}
