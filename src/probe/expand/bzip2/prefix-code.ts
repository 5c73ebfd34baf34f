import type { BitReader } from './bit-reader.ts';

/** Longest code word of bzip2, in bits. */
const LONGEST = 20;

/** A canonical prefix code. */
export interface PrefixCode {
  /** Reads the next symbol; -1 where no word fits. */
  read(reader: BitReader): number;
}

/** Reads a code: word lengths as steps up and down from the first one. Returns null where they are broken. */
export function readPrefixCode(reader: BitReader, alphabet: number): PrefixCode | null {
  const lengths = new Uint8Array(alphabet);
  let length = reader.bits(5);
  for (let symbol = 0; symbol < alphabet; symbol += 1) {
    while (length >= 1 && length <= LONGEST && reader.bit() === 1) length += reader.bit() === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST || reader.isPast) return null;
    lengths[symbol] = length;
  }
  return canonicalCode(lengths);
}

function canonicalCode(lengths: Uint8Array): PrefixCode {
  const counts = new Uint32Array(LONGEST + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const sorted = Array.from(lengths.keys()).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  return {
    read(reader) {
      let word = 0;
      let first = 0;
      let index = 0;
      for (let length = 1; length <= LONGEST; length += 1) {
        word = word * 2 + reader.bit();
        const count = counts[length] ?? 0;
        if (word - first < count) return sorted[index + word - first] ?? -1;
        index += count;
        first = (first + count) * 2;
      }
      return -1;
    },
  };
}
