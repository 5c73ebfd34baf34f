import { setTimeout as sleep } from 'node:timers/promises';

import type { HoldReason } from '../../model/event.ts';
import { RetypeError } from '../../model/error.ts';
import { serverMessage } from '../../db/driver-error.ts';

/** One thing that is measured while a run writes. No batch begins while it is above its limit, or unknown. */
export interface Throttle {
  readonly reason: HoldReason;
  /** What is measured: `the lag of db2:3306/glance`. */
  readonly subject: string;
  /** In the unit of the readings, from 0. A reading that is equal to it is within it. */
  readonly limit: number;
  /** A reading or the limit, for the operator: `12.5 %`. */
  readonly text: (value: number) => string;
  /** What the operator may do where it cannot be measured. */
  readonly advice: string;
  /** @returns null where there is nothing to compare with yet. @throws whatever keeps it from being read. */
  read(): Promise<number | null>;
}

/** Why no batch may begin now. */
export interface Hold {
  readonly reason: HoldReason;
  /** Equal for the same condition, whatever the readings are. */
  readonly key: string;
  readonly text: string;
  readonly reading: number | null;
  readonly limit: number | null;
  readonly ageMs: number | null;
}

/** Readings of a throttle, of which only the newest counts. */
export interface Gauge {
  /** @param at when the reading was asked for, milliseconds. */
  read(value: number, at: number): void;
  failed(message: string): void;
  /** null while the newest reading is fresh and within the limit. */
  hold(now: number): Hold | null;
}

/** An older reading says nothing about now: it counts as over the limit. */
export const STALE_MS = 5_000;

/** Pure: it is given readings and the time. @param began when the first reading was asked for, milliseconds. */
export function createGauge(throttle: Throttle, began: number): Gauge {
  const { reason, subject, limit, text, advice } = throttle;
  let newest: { readonly value: number; readonly at: number } | null = null;
  let failure: string | null = null;
  return {
    read(value, at) {
      newest = { value, at };
      failure = null;
    },
    failed(message) {
      failure = message;
    },
    hold(now) {
      const ageMs = newest === null ? null : now - newest.at;
      const common = { reason, reading: newest?.value ?? null, limit, ageMs };
      if (newest !== null && now - newest.at <= STALE_MS) {
        if (newest.value <= limit) return null;
        const found = `${subject} is ${text(newest.value)}, above ${text(limit)}`;
        return { ...common, key: `${subject} over`, text: `waiting: ${found}` };
      }
      const silent = Math.round((now - (newest?.at ?? began)) / 1000);
      const why = failure === null ? '' : `: ${failure} (${advice})`;
      return {
        ...common,
        key: `${subject} unknown`,
        text: `waiting: ${subject} is unknown for ${silent} s, which counts as above ${text(limit)}${why}`,
      };
    },
  };
}

/** Measures several throttles about once a second, each by itself, so that one without an answer delays no other. */
export interface Sampler {
  /** The first condition that is not met; null where all are. @throws RetypeError where one can never be measured. */
  hold(): Hold | null;
  /** Once the readings under way have ended. */
  readonly ended: Promise<unknown>;
}

const EVERY_MS = 1_000;
/** The second reading comes sooner: some throttles need two for a first result. */
const FIRST_MS = 200;

/** What waiting does not mend. Once a first reading was there, it counts as an outage. */
const PERMANENT: ReadonlySet<string> = new Set([
  'DATABASE_LOGIN',
  'DATABASE_NOT_FOUND',
  'DATABASE_CERTIFICATE',
  'DATABASE_URL',
  'SERVER_TOO_OLD',
  'CONNECTION_SHARED',
  'POOLER_MODE',
  'USAGE',
]);

/** Begins at once. @param over ends it. */
export function startSampler(throttles: readonly Throttle[], over: AbortSignal): Sampler {
  const began = performance.now();
  let fatal: RetypeError | null = null;
  const gauges = throttles.map((throttle) => {
    const gauge = createGauge(throttle, began);
    let seen = false;
    const sample = async (): Promise<void> => {
      for (let readings = 0; !over.aborted; readings += 1) {
        const at = performance.now();
        try {
          const value = await throttle.read();
          if (value !== null) gauge.read(value, at);
          seen ||= value !== null;
        } catch (error) {
          if (!seen && error instanceof RetypeError && PERMANENT.has(error.code)) fatal ??= error;
          gauge.failed(serverMessage(error));
        }
        await pause((readings === 0 ? FIRST_MS : EVERY_MS) - (performance.now() - at), over);
      }
    };
    return { gauge, ended: sample() };
  });
  return {
    hold() {
      if (fatal !== null) throw fatal;
      const now = performance.now();
      for (const { gauge } of gauges) {
        const hold = gauge.hold(now);
        if (hold !== null) return hold;
      }
      return null;
    },
    ended: Promise.all(gauges.map(async ({ ended }) => ended)),
  };
}

/** Waits, or until the signal. @param milliseconds below 0 counts as 0. */
export async function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal: over }).catch(() => undefined);
}
