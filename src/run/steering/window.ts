import type { EventListener, StopCause } from '../../model/event.ts';
import type { StopRequest } from '../context/stop.ts';

/** How much one invocation may do. */
export interface WindowLimits {
  /** When it ends, by the clock of `now`, milliseconds; null: never. */
  readonly endsAt: number | null;
  /** What the operator asked for: `2h`. */
  readonly length: string | null;
  /** Batches that it may commit; null: any number. */
  readonly maxBatches: number | null;
}

/** `is-free`: not counted by a limit of batches. */
export type BatchKind = 'counts' | 'is-free';

/**
 * The time and the batches of one invocation. A stop is requested once it is over, or once a signal asked for one; all
 * that asks for a stop between two pieces of work therefore ends in order.
 */
export interface Window extends StopRequest {
  /** Takes one of the batches that are left. @returns `over` where no batch may begin any more. */
  takeBatch(batch: BatchKind): 'begin' | 'over';
  /** Notes what a batch took, milliseconds: a batch does not begin where the last one would not have ended in time. */
  took(milliseconds: number): void;
  /** null while batches may begin. */
  readonly cause: () => StopCause | null;
}

export interface WindowParts {
  readonly limits: WindowLimits;
  readonly signals: StopRequest;
  readonly onEvent: EventListener;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Says once, by an event, that it is over. */
export function openWindow({ limits, signals, onEvent, now }: WindowParts): Window {
  const { endsAt, maxBatches } = limits;
  let left = maxBatches ?? Number.POSITIVE_INFINITY;
  let lastTook = 0;
  let closed: Exclude<StopCause, 'signal'> | null = null;
  const close = (cause: Exclude<StopCause, 'signal'>): void => {
    closed = cause;
    onEvent({ kind: 'stopping', cause, text: `${windowText(limits, cause)}; no further batch begins` });
  };
  const closeInTime = (needed: number): void => {
    if (closed === null && endsAt !== null && now() + needed >= endsAt) close('max-time');
  };
  return {
    requested() {
      if (signals.requested()) return true;
      closeInTime(0);
      return closed !== null;
    },
    takeBatch(batch) {
      closeInTime(lastTook);
      const taken = batch === 'counts' ? 1 : 0;
      if (closed === null && left < taken) close('max-batches');
      if (closed !== null) return 'over';
      left -= taken;
      return 'begin';
    },
    took(milliseconds) {
      lastTook = milliseconds;
    },
    cause: () => closed ?? (signals.requested() ? 'signal' : null),
  };
}

/** `the window of 2h is over`. */
export function windowText({ length, maxBatches }: WindowLimits, cause: Exclude<StopCause, 'signal'>): string {
  if (cause === 'max-time') return `the window of ${length ?? ''} is over`;
  return `the window of ${maxBatches ?? 0} ${maxBatches === 1 ? 'batch' : 'batches'} is over`;
}

/** A window without limits: only a signal ends it. */
export const UNLIMITED: WindowLimits = { endsAt: null, length: null, maxBatches: null };
