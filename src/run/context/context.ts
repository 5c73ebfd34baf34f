import { setImmediate as turn } from 'node:timers/promises';

import { propertyToken } from '../../rules/decide/property-token.ts';
import { type PrePass, readPrePass } from '../../glance/pre-pass.ts';
import { countImages, type ImagePage, readPages } from '../../glance/reader/reader.ts';
import { WHOLE_TABLE, type GlanceSchema } from '../../glance/tables/schema.ts';
import type { Phase, EventListener } from '../../model/event.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { Database } from '../../db/database.ts';
import type { PageColumns } from '../../glance/reader/image-row.ts';
import type { Decision } from '../../model/decision.ts';
import type { BatchSize } from './batch-size.ts';

/** Decides one image; pure, as the rules floor makes it. */
export type Decide = (evidence: ImageEvidence) => Decision;

/**
 * Adds the verdict on their bytes to the images of a page, in the same order.
 * @returns null where the operator asked for a stop: the page is incomplete and must not be decided.
 */
export type LookInside = (images: readonly ImageEvidence[]) => Promise<readonly ImageEvidence[] | null>;

/** What commands that read rows work with. */
export interface ReadContext {
  /** Opened read-only: the engine itself refuses writes. */
  readonly reader: Database;
  readonly schema: GlanceSchema;
  readonly decide: Decide;
  /**
   * Reads the bytes of images. Absent where nobody asked for it: then no source is opened and the database is not asked
   * for locations.
   */
  readonly lookInside?: LookInside | undefined;
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
  /** Rows of a page, or of a batch where pages are written. Never changes a result. */
  readonly size: BatchSize;
  /**
   * `decisive` where only ids, names and decisions are needed: no answers file, no bytes, no report of single images.
   */
  readonly columns: PageColumns;
  readonly clock: PhaseClock;
}

/** Adds verdicts on the bytes of images where that was asked for. @returns null where the operator asked for a stop. */
export async function withContent(
  context: Pick<ReadContext, 'lookInside'>,
  evidence: Iterable<ImageEvidence>,
): Promise<Iterable<ImageEvidence> | null> {
  return context.lookInside === undefined ? evidence : context.lookInside([...evidence]);
}

/** Takes decided images one by one, in scan order. A promise is awaited before the next image comes. */
export type DecisionSink = (evidence: ImageEvidence, decision: Decision) => void | Promise<void>;

/** The present time for people, ISO 8601 with seconds, UTC; no decision depends on this machine's clock. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** A request to stop; asked between batches. Once true, it stays true. */
export interface StopRequest {
  readonly requested: () => boolean;
}

/**
 * Asks for a stop request between two batches. It yields to the event loop first: SQLite answers within the current
 * turn, so a signal or the lease's heartbeat would otherwise wait until the run is over.
 */
export async function stopRequested(stop: StopRequest): Promise<boolean> {
  await turn();
  return stop.requested();
}

/** A stop request that signals set. The batch under way is finished first. */
export interface StopSwitch extends StopRequest {
  /** Removes the signal handlers. */
  dispose(): void;
}

/**
 * Listens for SIGINT and SIGTERM. The first signal asks for a stop after the batch under way. A second one ends the
 * process at once, which is as safe as kill -9: the server rolls the open transaction back.
 *
 * @param onFirst called once, so that the operator sees that the signal arrived.
 */
export function listenForStop(onFirst: (signal: NodeJS.Signals) => void): StopSwitch {
  let asked = false;
  const handler = (signal: NodeJS.Signals): void => {
    if (asked) {
      process.kill(process.pid, 'SIGKILL');
      return;
    }
    asked = true;
    onFirst(signal);
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    requested: () => asked,
    dispose: () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}

/**
 * Where the time of a run goes. Phases overlap: while batches are written, the next rows are read and decided, and
 * several lanes write at a time. So the sum may exceed the elapsed time.
 */
type TimedPhase =
  /** Queries for rows and their properties, from the request to the last byte. */
  | 'read'
  /** Decisions, in this process. */
  | 'decide'
  /** Transactions of batches, from BEGIN to the answer to COMMIT. */
  | 'write'
  /** Pauses before a retry, and pauses of the brake. */
  | 'wait';

export interface PhaseClock {
  add(phase: TimedPhase, milliseconds: number): void;
  /** Times some work, also where it fails. */
  timed<T>(phase: TimedPhase, work: () => Promise<T>): Promise<T>;
  /** Seconds spent so far. */
  seconds(): Readonly<Record<TimedPhase, number>>;
}

export function createPhaseClock(): PhaseClock {
  const spent: Record<TimedPhase, number> = { read: 0, decide: 0, write: 0, wait: 0 };
  return {
    add(phase, milliseconds) {
      spent[phase] += milliseconds;
    },
    async timed(phase, work) {
      const began = performance.now();
      try {
        return await work();
      } finally {
        spent[phase] += performance.now() - began;
      }
    },
    seconds: () => ({
      read: spent.read / 1000,
      decide: spent.decide / 1000,
      write: spent.write / 1000,
      wait: spent.wait / 1000,
    }),
  };
}

/** Reads what must be known of all images before the first page. */
export async function readAhead({ reader, schema, clock, onEvent }: ReadContext): Promise<PrePass> {
  onEvent({ kind: 'phase', phase: 'references', total: null });
  return clock.timed('read', async () => readPrePass(reader, schema, propertyToken));
}

/**
 * Reads the whole table once, for commands that only read. The time that a page takes to read steers the size of the
 * next.
 *
 * @param onPage takes the images of each page, with their content where that was asked for.
 * @returns `stopped` when the operator asked for a stop; the pages handed out until then are a prefix of the whole.
 */
export async function scanTable(
  context: ReadContext,
  phase: Phase,
  onPage: (images: Iterable<ImageEvidence>, range: ImagePage['range']) => Promise<void>,
): Promise<'finished' | 'stopped'> {
  const { reader, schema, size, columns, clock, onEvent, stop } = context;
  const counted = countImages(reader);
  // Awaited after the pre-pass, which may fail first.
  counted.catch(() => {});
  const { references, cache } = await readAhead(context);
  onEvent({ kind: 'phase', phase, total: await counted });
  const onRead = (what: 'rows' | 'properties', rows: number, milliseconds: number): void => {
    clock.add('read', milliseconds);
    if (what === 'rows') size.took(rows, milliseconds);
  };
  const request = { range: WHOLE_TABLE, columns, pageSize: () => size.next(), cache, onRead };
  let done = 0;
  for await (const { evidence, range } of readPages(reader, schema, references, request)) {
    const images = await withContent(context, evidence);
    if (images === null) return 'stopped';
    await onPage(images, range);
    done += evidence.size;
    onEvent({ kind: 'progress', done });
    if (await stopRequested(stop)) return 'stopped';
  }
  return 'finished';
}
