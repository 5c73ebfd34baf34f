import pLimit from 'p-limit';

import type { ContentEvidence } from '../../model/verdict.ts';
import { probe } from '../../probe/probe.ts';
import { SourceFailure, type ByteSource } from '../../probe/reading/source.ts';
import type { StopRequest } from '../context/stop.ts';
import type { SourceLanes } from './source-lanes.ts';

/** What came of one name. */
export interface ProbedSource {
  /** The name without credentials, as it may be shown. */
  readonly source: string;
  readonly content: ContentEvidence;
}

export interface ProbeSourcesParts {
  /** Opens the source that a name means. @throws SourceFailure. */
  readonly open: (name: string) => Promise<ByteSource>;
  /** The name as it may be shown, where opening failed. */
  readonly label: (name: string) => string;
  readonly lanes: SourceLanes;
  readonly stop: StopRequest;
}

/**
 * Names taken before the awaited one is done, as a multiple of the open sources: one slow server does not idle the
 * others.
 */
const AHEAD = 4;

/**
 * Probes names, several at a time, and yields results in the order of the names. Memory does not grow with their
 * number.
 */
export async function* probeSources(
  names: AsyncIterable<string> | Iterable<string>,
  parts: ProbeSourcesParts,
): AsyncGenerator<ProbedSource, void, undefined> {
  const { mostOpen } = parts.lanes;
  const limit = pLimit(mostOpen);
  const waiting: Promise<ProbedSource>[] = [];
  const iterator = (async function* () {
    yield* names;
  })();
  let asked: Promise<IteratorResult<string>> | null = iterator.next();
  try {
    while (!parts.stop.requested()) {
      const [oldest] = waiting;
      const name = asked === null || waiting.length >= mostOpen * AHEAD ? null : await earlier(asked, oldest);
      if (name === null) {
        if (oldest === undefined) return;
        void waiting.shift();
        const probed = await oldest;
        // The stop may have aborted it; then its result is worthless.
        if (parts.stop.requested()) return;
        yield probed;
      } else if (name.done === true) {
        asked = null;
      } else {
        const probed = limit(() => probeOne(name.value, parts));
        // Marks a failure as handled: it reaches the consumer in its turn.
        probed.catch(() => {});
        waiting.push(probed);
        asked = iterator.next();
      }
    }
  } finally {
    // Nobody awaits these any more.
    limit.clearQueue();
  }
}

/** Returns the next name, or null where a result is there before it: names may come slowly, from a pipe. */
async function earlier(
  name: Promise<IteratorResult<string>>,
  result: Promise<ProbedSource> | undefined,
): Promise<IteratorResult<string> | null> {
  return result === undefined ? name : Promise.race([name, result.then(() => null)]);
}

async function probeOne(name: string, { open, label, lanes }: ProbeSourcesParts): Promise<ProbedSource> {
  let source: ByteSource | undefined;
  try {
    const opened = await open(name);
    source = opened;
    const verdict = await lanes.read(opened, () => probe(opened));
    return { source: opened.label, content: { kind: 'read', verdict } };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    return { source: source?.label ?? label(name), content: { kind: 'unread', why: error.message } };
  } finally {
    await source?.close();
  }
}
