import type { Database } from '../../db/database.ts';
import type { PageColumns } from '../../glance/reader/image-row.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { Decision } from '../../model/decision.ts';
import type { EventListener } from '../../model/event.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { BatchSize } from './batch-size.ts';
import type { PhaseClock } from './phase-clock.ts';
import type { StopRequest } from './stop.ts';

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
