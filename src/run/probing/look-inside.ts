import pLimit from 'p-limit';

import type { ImagePayload, PayloadReader } from '../../glance/locations.ts';
import type { Decision } from '../../model/decision.ts';
import type { EventListener } from '../../model/event.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { ContentEvidence } from '../../model/verdict.ts';
import { classifyLocation } from '../../probe/sources/file/store.ts';
import type { ContentReader } from './content-reader.ts';
import type { Decide, LookInside } from '../context/context.ts';
import type { ProbeMode } from '../context/run-inputs.ts';
import type { StopRequest } from '../context/stop.ts';

export interface LookInsideParts {
  readonly mode: ProbeMode;
  /** Images open at the same time, at least 1; the reader decides how many of them are read. */
  readonly mostOpen: number;
  readonly decide: Decide;
  readonly readPayloads: PayloadReader;
  readonly reader: ContentReader;
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
}

/** How soon a stop request is noticed while images are read, milliseconds. */
const STOP_INTERVAL_MS = 50;

/** Share of the open images that may be at a URL. */
const URL_SHARE = 0.25;

export function createLookInside(parts: LookInsideParts): LookInside {
  const limit = pLimit(parts.mostOpen);
  // They wait in a queue of their own, so that a slow server takes no place from the others.
  const limitUrls = pLimit(Math.ceil(parts.mostOpen * URL_SHARE));
  let looked = 0;

  return async (images) => {
    const wanted = images.filter((evidence) => isWanted(parts.mode, evidence, parts.decide));
    if (wanted.length === 0) return images;
    const payloads = await parts.readPayloads(wanted.map(({ image }) => image.id));
    const contents = new Map<string, ContentEvidence>();
    const all = Promise.all(
      wanted.map(({ image }) => {
        const payload = payloads.get(image.id);
        const look = async (): Promise<void> => {
          contents.set(image.id, await parts.reader.read(image, payload));
          looked += 1;
          parts.onEvent({ kind: 'probe', images: looked });
        };
        return liesAtUrl(payload) ? limitUrls(() => limit(look)) : limit(look);
      }),
    );
    if ((await unlessStopped(all, parts.stop)) === 'stopped') {
      limitUrls.clearQueue();
      limit.clearQueue();
      parts.reader.abandon();
      return null;
    }
    return images.map((evidence) => {
      const content = contents.get(evidence.image.id);
      return content === undefined ? evidence : { ...evidence, content };
    });
  };
}

/** Whether Glance fetches the image from a web server, which may be any that a tenant named. */
function liesAtUrl(payload: ImagePayload | undefined): boolean {
  return (payload?.locations ?? []).some((location) => {
    const kind = classifyLocation(location);
    return kind.kind === 'other' && kind.scheme === 'http';
  });
}

function isWanted(mode: ProbeMode, evidence: ImageEvidence, decide: Decide): boolean {
  const { deleted, size } = evidence.image;
  if (deleted || (size !== null && size <= 0n)) return false;
  const { status } = decide(evidence);
  return mode === 'all' ? status !== 'not-applicable' : isOpen(status);
}

function isOpen(status: Decision['status']): boolean {
  return status === 'ambiguous' || status === 'unmappable';
}

/**
 * Waits for work until it is done or a stop is asked for; a server that answers slowly must not hold the operator up.
 */
async function unlessStopped(work: Promise<unknown>, stop: StopRequest): Promise<'done' | 'stopped'> {
  let timer: NodeJS.Timeout | undefined;
  const asked = new Promise<'stopped'>((resolve) => {
    timer = setInterval(() => {
      if (stop.requested()) resolve('stopped');
    }, STOP_INTERVAL_MS);
  });
  try {
    return await Promise.race([work.then(() => 'done' as const), asked]);
  } finally {
    clearInterval(timer);
  }
}
