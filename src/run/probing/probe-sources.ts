import pLimit from 'p-limit';

import type { ContentEvidence } from '../../model/verdict.ts';
import { probe } from '../../probe/probe.ts';
import { SourceFailure, type ByteSource } from '../../probe/reading/source.ts';
import type { StopRequest } from '../context/stop.ts';
import type { SourceLanes } from './source-lanes.ts';

/** What became of one name. */
export interface ProbedSource {
  /** The name as it may be shown: no credentials. */
  readonly source: string;
  readonly content: ContentEvidence;
}

export interface ProbeSourcesParts {
  /** Opens what a name means. @throws SourceFailure. */
  readonly open: (name: string) => Promise<ByteSource>;
  /** The name as it may be shown where opening failed. */
  readonly label: (name: string) => string;
  readonly lanes: SourceLanes;
  readonly stop: StopRequest;
}

/** Names taken ahead of the one that is waited for, as a multiple of the sources open: one slow server does not idle the others. */
const AHEAD = 4;

/** Probes each name, several at a time, and yields in the order of the names; memory does not grow with their number. */
export async function* probeSources(
  names: AsyncIterable<string> | Iterable<string>,
  parts: ProbeSourcesParts,
): AsyncGenerator<ProbedSource, void, undefined> {
  const { mostOpen } = parts.lanes;
  const limit = pLimit(mostOpen);
  const waiting: Promise<ProbedSource>[] = [];
  const iterator = iteratorOf(names);
  let asked: Promise<IteratorResult<string>> | null = iterator.next();
  try {
    while (!parts.stop.requested()) {
      const [oldest] = waiting;
      const name = asked === null || waiting.length >= mostOpen * AHEAD ? null : await earlier(asked, oldest);
      if (name === null) {
        if (oldest === undefined) return;
        void waiting.shift();
        const probed = await oldest;
        // Broken off by the stop, perhaps: what it says is worth nothing then.
        if (parts.stop.requested()) return;
        yield probed;
      } else if (name.done === true) {
        asked = null;
      } else {
        const probed = limit(() => probeOne(name.value, parts));
        // A failure belongs to whoever awaits it in its turn.
        probed.catch(() => {});
        waiting.push(probed);
        asked = iterator.next();
      }
    }
  } finally {
    // Nobody waits for these any more.
    limit.clearQueue();
  }
}

/** The next name, or null where a result is there before it: names may come slowly, from a pipe. */
async function earlier(
  name: Promise<IteratorResult<string>>,
  result: Promise<ProbedSource> | undefined,
): Promise<IteratorResult<string> | null> {
  return result === undefined ? name : Promise.race([name, result.then(() => null)]);
}

async function* iteratorOf(names: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void, undefined> {
  yield* names;
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
