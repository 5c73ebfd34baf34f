import type { Database } from '../../db/database.ts';
import { readPulse, writePulse } from '../../journal/meta.ts';
import type { Throttle } from './throttle.ts';

/** A pulse that the primary has: replicas that show this number, or a higher one, are at least as new. */
interface Pulse {
  readonly number: number;
  /** When the primary had it, milliseconds. */
  readonly at: number;
}

/**
 * Decides how far a replica is behind, by the pulses that it shows. It needs no clock but this process's own and no
 * privilege but SELECT, sees a replication that has stopped without a word, and is right while nobody else writes.
 * Pure.
 */
export interface LagGauge {
  wrote(pulse: Pulse): void;
  /**
   * How long ago the primary had the first pulse that the replica lacks, milliseconds; 0 where it lacks none. null
   * until it has shown one of this process: until then it may be behind by any time.
   */
  behind(shown: number, now: number): number | null;
}

export function createLagGauge(): LagGauge {
  let missing: readonly Pulse[] = [];
  let first: number | null = null;
  return {
    wrote(pulse) {
      first ??= pulse.number;
      missing = [...missing, pulse];
    },
    behind(shown, now) {
      if (first === null || shown < first) return null;
      missing = missing.filter(({ number }) => number > shown);
      const [oldest] = missing;
      return oldest === undefined ? 0 : now - oldest.at;
    },
  };
}

/** Writes pulses to the primary, one a second, however many replicas are measured by them. */
export interface Heart {
  /** Has a pulse written unless the last one is newer than a second. */
  beat(): Promise<void>;
  listen(onPulse: (pulse: Pulse) => void): void;
}

const BEAT_MS = 900;

export function createHeart(primary: Database): Heart {
  const listeners: ((pulse: Pulse) => void)[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  let beating: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    await writePulse(primary);
    const number = await primary.observe(readPulse);
    newest = performance.now();
    for (const listener of listeners) listener({ number, at: newest });
  };
  return {
    async beat() {
      if (performance.now() - newest < BEAT_MS) return;
      beating ??= write().finally(() => (beating = null));
      await beating;
    },
    listen: (onPulse) => void listeners.push(onPulse),
  };
}

export interface ReplicaParts {
  /** For the operator: `db2:3306`. */
  readonly name: string;
  readonly open: () => Promise<Database>;
  readonly heart: Heart;
  /** Seconds. */
  readonly limit: number;
}

/** Opens the replica when it is first measured, and again after that failed. */
export function replicaLag({ name, open, heart, limit }: ReplicaParts): Throttle {
  const gauge = createLagGauge();
  heart.listen((pulse) => gauge.wrote(pulse));
  let opened: Promise<Database> | null = null;
  return {
    reason: 'replica-lag',
    subject: `the lag of replica ${name}`,
    limit,
    text: (seconds) => `${Math.round(seconds * 10) / 10} s`,
    advice: 'start the replica, or leave it out of --replica',
    async read() {
      opened ??= open().catch((error: unknown) => {
        opened = null;
        throw error;
      });
      const replica = await opened;
      await heart.beat();
      const behind = gauge.behind(await replica.observe(readPulse), performance.now());
      if (behind === null)
        throw new Error('it does not show yet what was written when the run began, so it is behind or has stopped');
      return behind / 1000;
    },
  };
}
