/**
 * Reads a bit stream from its end, as FSE and Huffman streams of Zstandard are read (RFC 8878 4.1, 4.2.2). The highest
 * set bit of the last byte only marks the end. Before the beginning come zeros, and `left` turns negative.
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  /** Bits left to read. */
  left: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const last = bytes[bytes.length - 1] ?? 0;
    // Without a mark the stream has no end, so it counts as empty.
    this.left = last === 0 ? Number.NEGATIVE_INFINITY : (bytes.length - 1) * 8 + 31 - Math.clz32(last);
  }

  /** Reads `count` bits, at most 31. */
  read(count: number): number {
    this.left -= count;
    if (this.left >= 0) return this.#at(this.left, count);
    const there = this.left + count;
    return there <= 0 ? 0 : this.#at(0, there) * 2 ** -this.left;
  }

  #at(position: number, count: number): number {
    const byte = position >> 3;
    const shift = position & 7;
    const low =
      ((this.#bytes[byte] ?? 0) |
        ((this.#bytes[byte + 1] ?? 0) << 8) |
        ((this.#bytes[byte + 2] ?? 0) << 16) |
        ((this.#bytes[byte + 3] ?? 0) << 24)) >>>
      0;
    if (shift + count <= 32) return (low >>> shift) & (2 ** count - 1);
    return ((low >>> shift) + (this.#bytes[byte + 4] ?? 0) * 2 ** (32 - shift)) % 2 ** count;
  }
}

/** A decoding table of finite state entropy. Source: RFC 8878 4.1. */
export interface FseTable {
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** Reads the description of a table at `at`. Returns the table and the end of the description; null if invalid. */
export function readFseTable(
  bytes: Uint8Array,
  at: number,
  mostAccuracy: number,
  mostSymbols: number,
): { readonly table: FseTable; readonly end: number } | null {
  let position = at * 8;
  const read = (count: number): number => {
    let value = 0;
    for (let index = 0; index < count; index += 1, position += 1) {
      value |= (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) << index;
    }
    return value;
  };
  const accuracy = 5 + read(4);
  if (accuracy > mostAccuracy) return null;
  const probabilities: number[] = [];
  let remaining = 1 << accuracy;
  while (remaining > 0 && probabilities.length < mostSymbols) {
    // A value of 0 to remaining + 1. The smallest ones take one bit less.
    const width = 32 - Math.clz32(remaining + 1);
    const lower = (1 << (width - 1)) - 1;
    const threshold = (1 << width) - 2 - remaining;
    let value = read(width - 1);
    if (value >= threshold) {
      value |= read(1) << (width - 1);
      if (value > lower) value -= threshold;
    }
    const probability = value - 1;
    remaining -= Math.abs(probability);
    probabilities.push(probability);
    for (let repeat = probability === 0 ? read(2) : 0; repeat > 0; repeat = repeat === 3 ? read(2) : 0) {
      for (let index = 0; index < repeat; index += 1) probabilities.push(0);
      if (probabilities.length > mostSymbols) return null;
    }
  }
  const end = Math.ceil(position / 8);
  if (remaining !== 0 || probabilities.length > mostSymbols || end > bytes.length) return null;
  const table = buildFseTable(probabilities, accuracy);
  return table === null ? null : { table, end };
}

/** Builds the table of a distribution, where -1 means less than one; null where the symbols do not fill it. */
export function buildFseTable(probabilities: readonly number[], accuracy: number): FseTable | null {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  for (const [symbol, probability] of probabilities.entries()) {
    next[symbol] = Math.abs(probability);
    if (probability !== -1) continue;
    high -= 1;
    symbols[high] = symbol;
  }
  // Symbols of less than one take every place: no place is left to step to.
  if (high <= 0) return null;
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (const [symbol, probability] of probabilities.entries()) {
    for (let left = probability; left > 0; left -= 1) {
      symbols[position] = symbol;
      // The steps visit every place, and the probabilities add up to `high`, so a free place below `high` is found.
      do position = (position + step) & (size - 1);
      while (position >= high);
    }
  }
  if (position !== 0) return null;
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state += 1) {
    const symbol = symbols[state] ?? 0;
    const count = next[symbol] ?? 0;
    next[symbol] = count + 1;
    const width = accuracy - (31 - Math.clz32(count));
    bits[state] = width;
    bases[state] = (count << width) - size;
  }
  return { accuracy, symbols, bits, bases };
}

/** Builds the table of a single symbol, which takes no bits. */
export function constantTable(symbol: number): FseTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** Reads the state that follows `state`. */
export function nextState({ bits, bases }: FseTable, state: number, stream: BackwardBits): number {
  return (bases[state] ?? 0) + stream.read(bits[state] ?? 0);
}
