/** Images that use up their time before the rest of a group is not asked for. */
export const MOST_LATE = { tenant: 3, server: 16 } as const;

/** A group that also answers gets this back for each image that it does answer for. */
const REGAINED = 0.5;

/** How much time the images of each group have cost in vain. A group is a server, or what one tenant has on it. */
export interface Patience {
  isSpent(group: string, most: number): boolean;
  /** Takes into account how a read ended. */
  ended(group: string, how: 'answered' | 'late'): void;
}

export function createPatience(): Patience {
  const late = new Map<string, number>();
  return {
    isSpent: (group, most) => (late.get(group) ?? 0) >= most,
    ended: (group, how) => {
      const before = late.get(group) ?? 0;
      const after = how === 'late' ? before + 1 : before - REGAINED;
      if (after > 0) late.set(group, after);
      else late.delete(group);
    },
  };
}
