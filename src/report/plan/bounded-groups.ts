import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { ownText } from '../../model/own-text.ts';
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
      return groups.size >= limit ? (groups.get(key) ?? null) : getOrMake(groups, key, make);
    },
    values: () => [...groups.values()],
  };
}

/** The value of the key, made on first use. */
export function getOrMake<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
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
    .sort((a, b) => b.item.count - a.item.count || (a.text === b.text ? 0 : a.text < b.text ? -1 : 1))
    .map(({ item }) => item);
}

/** Items of equal text as one, with the sum of their counts; biggest first. */
export function summed<T extends Counted>(items: readonly T[], text: (item: T) => string): readonly T[] {
  const byText = new Map<string, T>();
  for (const item of items) {
    const known = byText.get(text(item));
    byText.set(text(item), known === undefined ? item : { ...known, count: known.count + item.count });
  }
  return biggestFirst([...byText.values()], text);
}

/** Errors first, then warnings, then infos; biggest first within. */
export function worstFirst<T extends Counted & { readonly code: string; readonly severity: Severity }>(
  items: readonly T[],
): readonly T[] {
  return SEVERITIES.toReversed().flatMap((severity) =>
    biggestFirst(
      items.filter((item) => item.severity === severity),
      ({ code }) => code,
    ),
  );
}

/** Sample images per group: enough to look at, few enough to keep. */
export const MOST_SAMPLES = 5;

/** `images.name` is VARCHAR(255) in every release, but SQLite does not enforce it. */
const TEXT_LIMIT = 255;

/** A sample and its place in the order of the scan, so that groups merged later still show the first images. */
export interface SeenSample extends Sample {
  readonly order: Place;
}

/** A number, or a text that is compared in code units; all places of one scan are alike. */
export type Place = number | string;

/** For sorting. */
export function earlierFirst(one: Place, other: Place): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (one === other) return 0;
  return String(one) < String(other) ? -1 : 1;
}

/** Images of one spelling of the tuple that share one decision. */
export interface TupleCell {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly count: number;
  readonly samples: readonly SeenSample[];
}

/** The ids of the samples in their place. */
export function sampled<T extends { readonly samples: readonly Sample[] }>({
  samples,
  ...item
}: T): Omit<T, 'samples'> & { readonly sampleIds: readonly string[] } {
  return { ...item, sampleIds: samples.map(({ id }) => id) };
}

export function hasRoom(samples: readonly Sample[]): boolean {
  return samples.length < MOST_SAMPLES;
}

/** The earliest samples of both lists, in reading order. */
export function mergeSamples(a: readonly SeenSample[], b: readonly SeenSample[]): readonly SeenSample[] {
  const [first] = b;
  const last = a.at(-1);
  if (first === undefined) return a;
  // The usual case if most images have a decision of their own: `a` is full, and `b` was read later.
  if (last !== undefined && !hasRoom(a) && earlierFirst(last.order, first.order) < 0) return a;
  return [...a, ...b].sort((one, other) => earlierFirst(one.order, other.order)).slice(0, MOST_SAMPLES);
}

/** The text, cut where a column of Glance would have cut it. */
export function boundedText(text: string): string {
  if (text.length <= TEXT_LIMIT) return text;
  return ownText(`${text.slice(0, TEXT_LIMIT)}…`);
}

export function boundedWord(word: string | null): string | null {
  return word === null ? null : boundedText(word);
}
