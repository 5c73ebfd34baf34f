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
