import type { Database } from '../../db/database.ts';
import type { PageColumns } from '../../glance/reader/page-statement.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { Decision } from '../../model/decision.ts';
import type { EventListener } from '../../model/event.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { BatchSize } from './batch-size.ts';
import type { PhaseClock } from './phase-clock.ts';
import type { StopRequest } from './stop.ts';

/** The pure decision, as the rules floor makes it. */
export type Decide = (evidence: ImageEvidence) => Decision;

/**
 * Adds to images of a page what their bytes say, in the same order.
 * @returns null where the operator asked for a stop: the page is not complete and must not be decided on.
 */
export type LookInside = (images: readonly ImageEvidence[]) => Promise<readonly ImageEvidence[] | null>;

/** What reading commands work with. */
export interface ReadContext {
  /** Opened read-only: the engine itself refuses writes. */
  readonly reader: Database;
  readonly schema: GlanceSchema;
  readonly decide: Decide;
  /** Reads what images hold; left out where nobody asked for it, and then nothing is read, opened or asked of the database. */
  readonly lookInside?: LookInside | undefined;
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
  /** Rows of a page, or of a batch where pages are written. Never changes a result. */
  readonly size: BatchSize;
  /** `decisive` where nothing but decisions, ids and names is asked for: no answers, no bytes, no report of single images. */
  readonly columns: PageColumns;
  readonly clock: PhaseClock;
}

/** What the bytes of these images say, where that was asked for. @returns null where a stop was asked for meanwhile. */
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
