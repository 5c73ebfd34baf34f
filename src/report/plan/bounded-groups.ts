import type { Sample } from '../../model/question.ts';

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

/** Sample images per group: enough to look at, few enough to keep. */
const SAMPLES = 5;

/** `images.name` is VARCHAR(255) in every release, but SQLite does not enforce it. */
const TEXT_LIMIT = 255;

/** A sample and when it was read, so that groups merged later still show the first images read. */
export interface SeenSample extends Sample {
  readonly order: number;
}

export function hasRoom(samples: readonly SeenSample[]): boolean {
  return samples.length < SAMPLES;
}

/** The earliest samples of both lists, in reading order. */
export function mergeSamples(a: readonly SeenSample[], b: readonly SeenSample[]): readonly SeenSample[] {
  const [first] = b;
  const last = a.at(-1);
  if (first === undefined) return a;
  // The usual case if most images have a decision of their own: `a` is full, and `b` was read later.
  if (last !== undefined && !hasRoom(a) && last.order < first.order) return a;
  return [...a, ...b].sort((one, other) => one.order - other.order).slice(0, SAMPLES);
}

/** The text, cut where a column of Glance would have cut it. */
export function boundedText(text: string): string {
  if (text.length <= TEXT_LIMIT) return text;
  // A new string, because a slice would keep the whole text in memory.
  return JSON.parse(JSON.stringify(`${text.slice(0, TEXT_LIMIT)}…`)) as string;
}
