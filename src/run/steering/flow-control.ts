import type { Database } from '../../db/database.ts';
import type { FlowControlReading } from '../../db/pressure.ts';
import type { Throttle } from './throttle.ts';

/** Percent of the time that flow control may hold a cluster up: pauses that hardly anybody notices. */
export const USUAL_FLOW_CONTROL = 2;

/**
 * Decides which part of the time flow control held a node up, percent from 0 to 100. Behind a proxy the readings come
 * from several nodes; each is compared with the one before of the same node and the same start. Pure.
 */
export interface FlowGauge {
  /** @param at when it was read, milliseconds. @returns null for the first reading of a node. */
  paused(reading: FlowControlReading, at: number): number | null;
}

/** An older reading of a node says too little about now. */
const LONGEST_MS = 10_000;

export function createFlowGauge(): FlowGauge {
  const last = new Map<string, { readonly pausedMs: number; readonly at: number }>();
  return {
    paused({ node, pausedMs }, at) {
      const before = last.get(node);
      last.set(node, { pausedMs, at });
      // A counter that went back was reset (FLUSH STATUS).
      if (before === undefined || pausedMs < before.pausedMs || at <= before.at || at - before.at > LONGEST_MS)
        return null;
      return Math.min(100, ((pausedMs - before.pausedMs) / (at - before.at)) * 100);
    },
  };
}

/** null where the server has no flow control. @param limit percent. */
export function flowControl(writer: Database, limit: number): Throttle | null {
  const { readFlowControl } = writer.dialect;
  if (readFlowControl === null) return null;
  const gauge = createFlowGauge();
  return {
    reason: 'flow-control',
    subject: 'the share of time in which Galera flow control holds the cluster up',
    limit,
    text: (percent) => `${Math.round(percent * 10) / 10} %`,
    advice: '--max-flow-control off goes on without it',
    async read() {
      const reading = await writer.observe(readFlowControl);
      return gauge.paused(reading, performance.now());
    },
  };
}
