import { readOn, type Expanded, type OneStream } from '../streams/read-on.ts';

/** Reads bits, the most significant first. Past the end it reads zeros and sets `isPast`. */
export class BitReader {
  readonly #input: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;

  constructor(input: Uint8Array, at: number) {
    this.#input = input;
    this.#at = at;
  }

  get isPast(): boolean {
    return this.#at > this.#input.length;
  }

  /** Skips the rest of a byte and returns the offset of the next one. */
  nextByte(): number {
    this.#count = 0;
    return this.#at;
  }

  bit(): 0 | 1 {
    if (this.#count === 0) {
      this.#held = this.#input[this.#at] ?? 0;
      this.#at += 1;
      this.#count = 8;
    }
    this.#count -= 1;
    return ((this.#held >> this.#count) & 1) as 0 | 1;
  }

  /** Reads up to 32 bits as a number. */
  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) value = value * 2 + this.bit();
    return value;
  }
}

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

/**
 * bzip2, stream by stream. A block is sorted as a whole, so a block that is cut gives nothing. The largest block holds
 * 900,000 bytes and takes 3.6 MB while its order is restored; all blocks share that memory. Checksums are not verified:
 * the plaintext is judged, whole or not. Sources: "BZIP2 Format Specification" (Joe Tsai, 2016); bzip2 1.0.8,
 * decompress.c.
 */

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const STREAM_MAGIC = 0x425a68;
const BLOCK_UNIT = 100_000;
const GROUP_LENGTH = 50;

export function expandBzip2(input: Uint8Array, output: Uint8Array): Expanded {
  let table = new Uint32Array(0);
  const expandStream = (_: Uint8Array, at: number, into: Uint8Array, from: number): OneStream => {
    const reader = new BitReader(input, at + 4);
    const room = levelAt(input, at) * BLOCK_UNIT;
    let filled = from;
    while (filled < into.length) {
      const magic = reader.bits(24) * 0x1000000 + reader.bits(24);
      if (magic === END_MAGIC) {
        reader.bits(32);
        return { filled, end: reader.isPast ? null : reader.nextByte() };
      }
      if (magic !== BLOCK_MAGIC) break;
      if (table.length < room) table = new Uint32Array(room);
      const block = readBlock(reader, table.subarray(0, room));
      if (block === null || reader.isPast) break;
      filled = unsort(block, table, into, filled);
    }
    return { filled, end: null };
  };
  return readOn((_, at) => (levelAt(input, at) === 0 ? null : expandStream), input, output);
}

/** Returns the block size of the stream at `at` in units of `BLOCK_UNIT`; 0 where no stream begins. */
function levelAt(input: Uint8Array, at: number): number {
  const magic = ((input[at] ?? 0) << 16) | ((input[at + 1] ?? 0) << 8) | (input[at + 2] ?? 0);
  const level = (input[at + 3] ?? 0) - 0x30;
  return magic === STREAM_MAGIC && level >= 1 && level <= 9 ? level : 0;
}

interface SortedBlock {
  /** Index of the first byte in the sorted order. */
  readonly origin: number;
  readonly length: number;
  readonly counts: Uint32Array;
}

/** Decodes one block into the low bytes of `table`; null where it is broken. */
function readBlock(reader: BitReader, table: Uint32Array): SortedBlock | null {
  reader.bits(32);
  // Blocks randomised by bzip2 0.9.0 and before are not supported.
  if (reader.bit() === 1) return null;
  const origin = reader.bits(24);
  const symbols = usedBytes(reader);
  const alphabet = symbols.length + 2;
  const codeCount = reader.bits(3);
  const selectorCount = reader.bits(15);
  if (symbols.length === 0 || codeCount < 2 || codeCount > 6 || selectorCount < 1) return null;
  const selectors = readSelectors(reader, selectorCount, codeCount);
  const codes: PrefixCode[] = [];
  for (let index = 0; index < codeCount; index += 1) {
    const code = readPrefixCode(reader, alphabet);
    if (code === null) return null;
    codes.push(code);
  }
  if (selectors === null) return null;
  const counts = new Uint32Array(256);
  const length = readSymbols(reader, { symbols, selectors, codes }, table, counts);
  return length === null || origin >= length ? null : { origin, length, counts };
}

/** Reads which bytes occur, as two levels of 16 bits. */
function usedBytes(reader: BitReader): number[] {
  const groups = reader.bits(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group += 1) {
    const members = (groups & (0x8000 >> group)) === 0 ? 0 : reader.bits(16);
    for (let member = 0; member < 16; member += 1) {
      if ((members & (0x8000 >> member)) !== 0) used.push(group * 16 + member);
    }
  }
  return used;
}

/** Reads which code each group of 50 symbols uses: unary numbers, moved to the front. */
function readSelectors(reader: BitReader, count: number, codes: number): Uint8Array | null {
  const selectors = new Uint8Array(count);
  const order = Array.from({ length: codes }, (_, index) => index);
  for (let index = 0; index < count; index += 1) {
    let place = 0;
    while (place < codes && reader.bit() === 1) place += 1;
    if (place >= codes || reader.isPast) return null;
    selectors[index] = toFront(order, place);
  }
  return selectors;
}

function toFront(order: number[], place: number): number {
  const [value = 0] = order.splice(place, 1);
  order.unshift(value);
  return value;
}

interface Coding {
  readonly symbols: number[];
  readonly selectors: Uint8Array;
  readonly codes: readonly PrefixCode[];
}

/** Decodes runs and moves to the front, up to the end mark. Returns the length of the block; null if broken. */
function readSymbols(reader: BitReader, coding: Coding, table: Uint32Array, counts: Uint32Array): number | null {
  const { symbols, selectors, codes } = coding;
  const endMark = symbols.length + 1;
  const order = [...symbols];
  let length = 0;
  let run = 0;
  let digit = 1;
  for (let group = 0; group < selectors.length; group += 1) {
    const code = codes[selectors[group] ?? 0];
    for (let index = 0; index < GROUP_LENGTH; index += 1) {
      const symbol = code?.read(reader) ?? -1;
      if (symbol < 0 || reader.isPast) return null;
      if (symbol < 2) {
        // The length of a run in bijective base 2, the least significant digit first.
        run += digit << symbol;
        digit *= 2;
        if (run > table.length - length) return null;
        continue;
      }
      if (run > 0) {
        const byte = order[0] ?? 0;
        table.fill(byte, length, length + run);
        counts[byte] = (counts[byte] ?? 0) + run;
        length += run;
        run = 0;
        digit = 1;
      }
      if (symbol === endMark) return length;
      if (length >= table.length) return null;
      const byte = toFront(order, symbol - 1);
      table[length] = byte;
      counts[byte] = (counts[byte] ?? 0) + 1;
      length += 1;
    }
  }
  return null;
}

/** Undoes the sort and the first run-length coding, up to the end of the output. Returns how much of it is filled. */
function unsort({ origin, length, counts }: SortedBlock, table: Uint32Array, output: Uint8Array, from: number): number {
  const starts = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte += 1) starts[byte] = (starts[byte - 1] ?? 0) + (counts[byte - 1] ?? 0);
  for (let index = 0; index < length; index += 1) {
    const byte = (table[index] ?? 0) & 0xff;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    table[place] = ((table[place] ?? 0) & 0xff) | (index << 8);
  }
  let filled = from;
  let next = (table[origin] ?? 0) >>> 8;
  let previous = -1;
  let repeats = 0;
  for (let left = length; left > 0 && filled < output.length; left -= 1) {
    const entry = table[next] ?? 0;
    const byte = entry & 0xff;
    next = entry >>> 8;
    if (repeats === 4) {
      // The byte behind four equal ones is the number of further ones.
      const stop = Math.min(output.length, filled + byte);
      output.fill(previous, filled, stop);
      filled = stop;
      repeats = 0;
      previous = -1;
      continue;
    }
    repeats = byte === previous ? repeats + 1 : 1;
    previous = byte;
    output[filled] = byte;
    filled += 1;
  }
  return filled;
}
