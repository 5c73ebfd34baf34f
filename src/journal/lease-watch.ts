import type { LeaseRecord } from './lease.ts';

/** What is known about the holders of some leases. */
type Life =
  | { readonly kind: 'alive'; readonly holder: LeaseRecord }
  /** `since`: whether the watch over this holder begins with this look. */
  | { readonly kind: 'unknown'; readonly holder: LeaseRecord; readonly since: 'now' | 'before' }
  /** All holders are dead, or there is none. */
  | { readonly kind: 'dead' };

/** Watches holders by this process's monotonic clock. Has no effect beyond its memory. */
export interface LeaseWatch {
  /** @param now milliseconds. */
  look(holding: readonly LeaseRecord[], now: number): Life;
}

/** How much a pause between two looks counts at most, as a share of the required silence. */
const LONGEST_PAUSE = 0.1;

/**
 * A holder is alive once its count of signs of life changes between two looks, and dead once it has not changed for
 * `silence`. No server's clock is used: the nodes of a cluster have different clocks, and any of them may be set. A
 * long pause between two looks counts only in part, because its cause, a server that did not answer, may have held back
 * the signs of life as well.
 *
 * @param isDead recognises some dead holders without watching.
 */
export function createLeaseWatch(silence: number, isDead: (holder: LeaseRecord) => boolean): LeaseWatch {
  const watched = new Map<string, { readonly beats: bigint; readonly silent: number; readonly at: number }>();
  return {
    look(holding, now) {
      let unknown: Life | null = null;
      for (const holder of holding) {
        if (isDead(holder)) continue;
        const { owner, epoch, beats } = holder;
        const before = watched.get(`${owner} ${epoch}`);
        if (before !== undefined && before.beats !== beats) return { kind: 'alive', holder };
        const pause = before === undefined ? 0 : Math.min(now - before.at, silence * LONGEST_PAUSE);
        const silent = (before?.silent ?? 0) + pause;
        watched.set(`${owner} ${epoch}`, { beats, silent, at: now });
        if (silent < silence) unknown ??= { kind: 'unknown', holder, since: before === undefined ? 'now' : 'before' };
      }
      return unknown ?? { kind: 'dead' };
    },
  };
}
