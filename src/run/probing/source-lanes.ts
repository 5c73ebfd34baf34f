import pLimit, { type LimitFunction } from 'p-limit';

import type { ByteSource } from '../../probe/reading/source.ts';
import { afterAnswer, afterOverload, type Concurrency, startConcurrency } from './concurrency-controller.ts';

/** How many images are read at the same time. */
export type ReadsAtOnce =
  /** This number, whatever the images come from. */
  | { readonly kind: 'fixed'; readonly reads: number }
  /** As many as each disk or server gains from, never more than `most` of one. */
  | { readonly kind: 'adaptive'; readonly most: number };

/** Limits reads source by source: the limit of a remote server is independent of a disk's. */
export interface SourceLanes {
  /** Sources that may be open at once, including those that wait for a place. */
  readonly mostOpen: number;
  /** Runs work on a source as soon as its lane has a place for it. */
  readonly read: <T>(source: ByteSource, work: () => Promise<T>) => Promise<T>;
  /** Notes that a source of this lane asked for patience, or did not answer in time. */
  overloaded(lane: string): void;
}

interface Lane {
  readonly limit: LimitFunction;
  state: Concurrency;
}

/** Sources opened in advance, so that a free place is taken at once. */
const AHEAD = 16;

/** Idle lanes kept: addresses of ever new servers must not fill the memory. */
const MOST_IDLE = 64;

export function createSourceLanes(reads: ReadsAtOnce): SourceLanes {
  if (reads.kind === 'fixed') {
    return { mostOpen: reads.reads, read: (_source, work) => work(), overloaded: () => {} };
  }
  const lanes = new Map<string, Lane>();

  const laneOf = (name: string): Lane => {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const state = startConcurrency(reads.most);
    const lane = { state, limit: pLimit(state.limit) };
    lanes.set(name, lane);
    if (lanes.size > MOST_IDLE) forgetIdle(lanes, name);
    return lane;
  };

  return {
    mostOpen: reads.most + AHEAD,
    read: (source, work) => {
      const lane = laneOf(source.lane ?? '');
      return lane.limit(() => timed(lane, source, work));
    },
    overloaded: (name) => {
      const lane = lanes.get(name);
      if (lane !== undefined) enter(lane, afterOverload(lane.state));
    },
  };
}

async function timed<T>(lane: Lane, source: ByteSource, work: () => Promise<T>): Promise<T> {
  const places = lane.limit.activeCount >= lane.limit.concurrency ? 'taken' : 'free';
  const before = source.cost().requests;
  const began = performance.now();
  try {
    return await work();
  } finally {
    const requests = source.cost().requests - before;
    const milliseconds = (performance.now() - began) / Math.max(1, requests);
    if (requests > 0) enter(lane, afterAnswer(lane.state, { milliseconds, places }));
  }
}

function enter(lane: Lane, state: Concurrency): void {
  lane.state = state;
  if (lane.limit.concurrency !== state.limit) lane.limit.concurrency = state.limit;
}

function forgetIdle(lanes: Map<string, Lane>, except: string): void {
  for (const [name, { limit }] of lanes) {
    if (name !== except && limit.activeCount + limit.pendingCount === 0) lanes.delete(name);
  }
}
