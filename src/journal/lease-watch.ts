import type { LeaseRecord } from './lease.ts';

/** What is known of the holders of some leases. */
export type Life =
  | { readonly kind: 'alive'; readonly holder: LeaseRecord }
  /** `since` says whether the watch over this holder begins with this look. */
  | { readonly kind: 'unknown'; readonly holder: LeaseRecord; readonly since: 'now' | 'before' }
  /** All of them; or nobody holds any. */
  | { readonly kind: 'dead' };

/** Watches holders, by a clock that never goes back and is nobody else's. Pure but for its memory. */
export interface LeaseWatch {
  /** @param now milliseconds. */
  look(holding: readonly LeaseRecord[], now: number): Life;
  /** Forgets how long holders were silent: one who was not looked at may have given signs of life all the time. */
  restart(): void;
}

/**
 * A holder is alive as soon as its signs of life have become more between two looks, and dead when they have not for `silence`. No clock of a server is
 * asked: those of a cluster's nodes differ, and any of them may be set.
 *
 * @param isDead knows it of some without watching.
 */
export function createLeaseWatch(silence: number, isDead: (holder: LeaseRecord) => boolean): LeaseWatch {
  const watched = new Map<string, { readonly beats: bigint; readonly since: number }>();
  return {
    look(holding, now) {
      let unknown: Life | null = null;
      for (const holder of holding) {
        if (isDead(holder)) continue;
        const { owner, epoch, beats } = holder;
        const before = watched.get(`${owner} ${epoch}`);
        if (before !== undefined && before.beats !== beats) return { kind: 'alive', holder };
        if (before === undefined) watched.set(`${owner} ${epoch}`, { beats, since: now });
        if (before !== undefined && now - before.since >= silence) continue;
        unknown ??= { kind: 'unknown', holder, since: before === undefined ? 'now' : 'before' };
      }
      return unknown ?? { kind: 'dead' };
    },
    restart() {
      watched.clear();
    },
  };
}
