import pLimit from 'p-limit';

import { type ImagePayload, type PayloadReader, createPayloadReader } from '../../glance/locations.ts';
import type { EventListener } from '../../model/event.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { ContentEvidence } from '../../model/verdict.ts';
import { classifyLocation } from '../../probe/sources/file/store.ts';
import { type ContentReader, type ContentCounts, createContentReader } from './content-reader.ts';
import type { Decide, LookInside, ReadContext } from '../context/context.ts';
import type { StopRequest } from '../context/stop.ts';
import type { ProbeMode } from '../context/run-inputs.ts';
import { probe } from '../../probe/probe.ts';
import { openVerdictCache, type VerdictCache } from '../../probe/cache/verdict-cache.ts';
import { createSourceLanes, type ReadsAtOnce } from './source-lanes.ts';
import { connectImageApi, createOpenImage, type ImageApiChoice } from './open-image.ts';

/** How images are looked into. */
export interface ProbeSettings {
  readonly mode: ProbeMode;
  /** Directories of filesystem stores, absolute. */
  readonly stores: readonly string[];
  readonly imageApi: ImageApiChoice | null;
  readonly reads: ReadsAtOnce;
  /** null: no cache between runs. */
  readonly cacheFile: string | null;
}

export interface ProbeSurroundings extends Pick<ReadContext, 'reader' | 'schema' | 'decide' | 'onEvent' | 'stop'> {
  /** Where credentials for the API are looked for. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Everything that stays open while images are looked into. */
export interface Probing {
  readonly lookInside: LookInside;
  counts(): ContentCounts;
  close(): void;
}

/**
 * Prepares to look into images: the API must answer, the cache need not open.
 * @throws RetypeError CREDENTIALS, IMAGE_API.
 */
export async function openProbing(settings: ProbeSettings, around: ProbeSurroundings): Promise<Probing> {
  const readPayloads = await createPayloadReader(around.reader, around.schema);
  const lanes = createSourceLanes(settings.reads);
  const connected =
    settings.imageApi === null
      ? null
      : await connectImageApi(settings.imageApi, around.environment, (lane) => lanes.overloaded(lane));
  const cache = settings.cacheFile === null ? null : openCache(settings.cacheFile, around.onEvent);
  const reader = createContentReader({
    open: createOpenImage(settings.stores, connected?.api ?? null),
    probe,
    inTurn: lanes.read,
    known: cache,
    // An operator who asks for all images wants the bytes of each one read.
    sharing: settings.mode === 'all' ? 'none' : 'equal-images',
  });
  return {
    lookInside: createLookInside({
      mode: settings.mode,
      mostOpen: lanes.mostOpen,
      decide: around.decide,
      readPayloads,
      reader,
      onEvent: around.onEvent,
      stop: around.stop,
    }),
    counts: () => reader.counts(),
    close: () => {
      cache?.close();
      connected?.close();
    },
  };
}

function openCache(file: string, onEvent: EventListener): VerdictCache | null {
  const note = (why: string): void => onEvent({ kind: 'note', text: `${file} is not used as a cache: ${why}` });
  const opened = openVerdictCache(file, note);
  if (opened.kind === 'open') return opened.cache;
  note(opened.why);
  return null;
}

export interface LookInsideParts extends Pick<ReadContext, 'decide' | 'onEvent' | 'stop'> {
  readonly mode: ProbeMode;
  /** Images open at the same time, at least 1; the reader decides how many of them are read. */
  readonly mostOpen: number;
  readonly readPayloads: PayloadReader;
  readonly reader: ContentReader;
}

/** How soon a stop request is noticed while images are read, milliseconds. */
const STOP_INTERVAL_MS = 50;

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
  return mode === 'all' ? status !== 'not-applicable' : status === 'ambiguous' || status === 'unmappable';
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
