/** Groups by key, at most `limit` of them, in order of arrival; the memory behind a summary never grows past that. */
export interface BoundedGroups<T> {
  /** The group of that key, made on first use; null once `limit` other groups exist. */
  of(key: string, make: () => T): T | null;
  values(): readonly T[];
}

export function createBoundedGroups<T>(limit: number): BoundedGroups<T> {
  const groups = new Map<string, T>();
  return {
    of(key, make) {
      const known = groups.get(key);
      if (known !== undefined) return known;
      if (groups.size >= limit) return null;
      const made = make();
      groups.set(key, made);
      return made;
    },
    values: () => [...groups.values()],
  };
}

/** A record under construction, whose counters still grow. */
export type Counting<T> = { -readonly [K in keyof T]: T[K] };

interface Counted {
  readonly count: number;
}

/** The sum of the counts. */
export function totalOf(items: readonly Counted[]): number {
  return items.reduce((total, { count }) => total + count, 0);
}

/** Biggest first; equal counts by `text`, in code units, so that the order never depends on the machine's locale. */
export function biggestFirst<T extends Counted>(items: readonly T[], text: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, text: text(item) }))
    .sort((a, b) => b.item.count - a.item.count || compareCodeUnits(a.text, b.text))
    .map(({ item }) => item);
}

function compareCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
