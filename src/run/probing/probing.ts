import type { Database } from '../../db/database.ts';
import { createPayloadReader } from '../../glance/locations.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { EventListener } from '../../model/event.ts';
import { probe } from '../../probe/probe.ts';
import { openVerdictCache, type VerdictCache } from '../../probe/cache/verdict-cache.ts';
import { type ContentCounts, createContentReader } from './content-reader.ts';
import type { Decide, LookInside } from '../context/context.ts';
import type { ProbeMode } from '../context/run-inputs.ts';
import type { StopRequest } from '../context/stop.ts';
import { createLookInside } from './look-inside.ts';
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

export interface ProbeSurroundings {
  readonly reader: Database;
  readonly schema: GlanceSchema;
  readonly decide: Decide;
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
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
