/** A server, or what one tenant has on it. */
export interface PatienceGroup {
  readonly name: string;
  /** Images that use up their time before the rest of the group is not asked for. */
  readonly most: number;
}

export const MOST_LATE = { tenant: 3, server: 16 } as const;

/** A group that also answers gets this back for each image that it does answer for. */
const REGAINED = 0.5;

/** After this long, one image is asked for again: what hung may have been a restart. Milliseconds. */
const AGAIN_MS = 60_000;

/** How much time the images of each group have cost in vain. */
export interface Patience {
  isSpent(group: PatienceGroup): boolean;
  /** Takes into account how a read ended. */
  ended(group: PatienceGroup, how: 'answered' | 'late'): void;
}

/** @param now milliseconds of a clock that never goes back. */
export function createPatience(now: () => number): Patience {
  const groups = new Map<string, { late: number; since: number }>();
  return {
    isSpent: ({ name, most }) => {
      const known = groups.get(name);
      if (known === undefined || known.late < most) return false;
      if (now() - known.since < AGAIN_MS) return true;
      known.since = now();
      return false;
    },
    ended: ({ name, most }, how) => {
      const { late, since } = groups.get(name) ?? { late: 0, since: 0 };
      const after = how === 'late' ? Math.min(most, late + 1) : late - REGAINED;
      if (after > 0) groups.set(name, { late: after, since: how === 'late' ? now() : since });
      else groups.delete(name);
    },
  };
}
