import type { Random } from './random.ts';
import type { Sample } from './samples.ts';

/** A sample with something wrong in it. */
interface Damaged {
  readonly bytes: Uint8Array;
  readonly what: string;
  /** To be called before the next one is made: some share the bytes of their sample. */
  readonly restore: () => void;
}

/** Bytes flipped, the end cut off, or two samples spliced: of the sample given, or of any. */
export function damage(random: Random, from: readonly Sample[], sample: Sample = pick(random, from)): Damaged {
  const way = random.below(10);
  if (way < 6) return flipped(random, sample);
  if (way < 8) {
    const length = place(random, sample.bytes);
    return { bytes: sample.bytes.subarray(0, length), what: `${sample.name} cut at ${length}`, restore: () => {} };
  }
  return spliced(random, sample, pick(random, from));
}

function flipped(random: Random, { name, bytes }: Sample): Damaged {
  const kept: (readonly [offset: number, byte: number])[] = [];
  for (let left = 1 + random.below(16); left > 0; left -= 1) {
    const offset = place(random, bytes);
    kept.push([offset, bytes[offset] ?? 0]);
    bytes[offset] = random.below(256);
  }
  const what = `${name} changed at ${kept.map(([offset]) => `${offset} to ${bytes[offset]}`).join(', ')}`;
  return {
    bytes,
    what,
    restore: () => {
      for (const [offset, byte] of kept.toReversed()) bytes[offset] = byte;
    },
  };
}

/** The first bytes of one before the rest of another, or in its middle. */
function spliced(random: Random, one: Sample, other: Sample): Damaged {
  const start = Math.min(place(random, one.bytes), 200_000);
  const end = start + Math.min(place(random, other.bytes), 200_000);
  const bytes = new Uint8Array(end);
  bytes.set(one.bytes.subarray(0, start));
  bytes.set(other.bytes.subarray(0, end - start), start);
  return { bytes, what: `${one.name} to ${start}, then ${other.name} to ${end - start}`, restore: () => {} };
}

function pick(random: Random, from: readonly Sample[]): Sample {
  const sample = from[random.below(from.length)];
  if (sample === undefined) throw new Error('no samples');
  return sample;
}

/** Mostly in the header, often at a sector, sometimes anywhere, sometimes near the end. */
function place(random: Random, { length }: Uint8Array): number {
  const way = random.below(10);
  if (way < 5) return random.below(Math.min(length, 1024));
  if (way < 7) return random.below(Math.min(length, 131_072));
  if (way < 8) return Math.max(0, length - 1 - random.below(1536));
  if (way < 9) return Math.min(length - 1, random.below(Math.ceil(length / 512)) * 512 + random.below(16));
  return random.below(length);
}
