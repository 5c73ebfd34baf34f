import type { Sample } from '../../model/question.ts';

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
