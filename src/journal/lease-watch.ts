import type { LeaseRecord } from './lease.ts';

/** What is known of the holders of some leases. */
type Life =
  | { readonly kind: 'alive'; readonly holder: LeaseRecord }
  /** `since` says whether the watch over this holder begins with this look. */
  | { readonly kind: 'unknown'; readonly holder: LeaseRecord; readonly since: 'now' | 'before' }
  /** All of them; or nobody holds any. */
  | { readonly kind: 'dead' };

/** Watches holders, by a clock that never goes back and is nobody else's. Pure but for its memory. */
export interface LeaseWatch {
  /** @param now milliseconds. */
  look(holding: readonly LeaseRecord[], now: number): Life;
}

/** What a pause between two looks counts for at most, as a share of the silence that is waited for. */
const LONGEST_PAUSE = 0.1;

/**
 * A holder is alive as soon as its signs of life have become more between two looks, and dead when they have not for `silence`. No clock of a
 * server is asked: those of a cluster's nodes differ, and any of them may be set. A look that was long in coming counts as one in time, because
 * whatever kept it away, a server that did not answer, may have kept the signs of life away as well.
 *
 * @param isDead knows it of some without watching.
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
