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
