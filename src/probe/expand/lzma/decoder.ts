/**
 * The LZMA decoder that .lzma, .xz and lzip share. The output is the window: a match cannot reach farther back than the
 * output, so the decoder keeps no dictionary and ignores the dictionary size in a header. Every symbol writes at least
 * one byte, so the length of the output bounds the work. Source: LZMA SDK, lzma-specification.txt ("LZMA
 * specification", Igor Pavlov, public domain).
 */

/** Offsets of the groups of probabilities in one table. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + 12 * 16;
const IS_REP_G0 = IS_REP + 12;
const IS_REP_G1 = IS_REP_G0 + 12;
const IS_REP_G2 = IS_REP_G1 + 12;
const IS_REP0_LONG = IS_REP_G2 + 12;
const POSITION_SLOT = IS_REP0_LONG + 12 * 16;
const SPECIAL_POSITION = POSITION_SLOT + 4 * 64;
const ALIGN = SPECIAL_POSITION + 128;
const LENGTH = ALIGN + 16;
const REP_LENGTH = LENGTH + 2 + 16 * 8 * 2 + 256;
const LITERAL = REP_LENGTH + 2 + 16 * 8 * 2 + 256;

const LITERAL_CODER = 0x300;
const EVEN = 1024;

export interface LzmaProperties {
  readonly literalContextBits: number;
  readonly literalPositionBits: number;
  readonly positionBits: number;
}

/**
 * Decodes a properties byte; null where it is invalid or asks for more than the 4 context bits of LZMA2, which bound
 * the tables.
 */
export function lzmaProperties(byte: number): LzmaProperties | null {
  const positionBits = Math.floor(byte / 45);
  const literalPositionBits = Math.floor(byte / 9) % 5;
  const literalContextBits = byte % 9;
  if (positionBits > 4 || literalContextBits + literalPositionBits > 4) return null;
  return { literalContextBits, literalPositionBits, positionBits };
}

export class LzmaDecoder {
  /** Bytes decoded so far. */
  filled = 0;
  /** First byte of output that a match may reach, inclusive. */
  lowest = 0;
  readonly #output: Uint8Array;
  readonly #probabilities = new Uint16Array(LITERAL + (LITERAL_CODER << 4));
  #properties: LzmaProperties = { literalContextBits: 3, literalPositionBits: 0, positionBits: 2 };
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #input = new Uint8Array(0) as Uint8Array;
  #at = 0;
  #range = 0;
  #code = 0;

  constructor(output: Uint8Array) {
    this.#output = output;
    this.reset(this.#properties);
  }

  /** Returns to the state at the beginning of a stream and keeps the output. */
  reset(properties: LzmaProperties): void {
    this.#properties = properties;
    this.#probabilities.fill(EVEN);
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
  }

  /** Appends bytes that are not compressed, as far as there is room. */
  store(bytes: Uint8Array): void {
    const room = bytes.subarray(0, this.#output.length - this.filled);
    this.#output.set(room, this.filled);
    this.filled += room.length;
  }

  /** Bytes of input that the last run consumed. */
  get consumed(): number {
    return this.#at;
  }

  get properties(): LzmaProperties {
    return this.#properties;
  }

  /**
   * Decodes one range-coded run up to `end` of the output (exclusive).
   * @returns `cut` where the input ends first, `broken` where it is no LZMA.
   */
  run(input: Uint8Array, end: number): 'done' | 'end-mark' | 'cut' | 'broken' {
    if (input.length < 5) return 'cut';
    if (input[0] !== 0) return 'broken';
    this.#input = input;
    this.#at = 5;
    this.#range = 0xffffffff;
    this.#code = (((input[1] ?? 0) << 24) | ((input[2] ?? 0) << 16) | ((input[3] ?? 0) << 8) | (input[4] ?? 0)) >>> 0;
    while (this.filled < end) {
      const before = this.filled;
      const outcome = this.#symbol(end);
      if (this.#at > input.length) {
        // The last symbol was decoded from bytes behind the input.
        this.filled = before;
        return 'cut';
      }
      if (outcome !== 'on') return outcome;
    }
    return 'done';
  }

  #symbol(end: number): 'on' | 'end-mark' | 'broken' {
    const positionState = (this.filled - this.lowest) & ((1 << this.#properties.positionBits) - 1);
    if (this.#bit(IS_MATCH + this.#state * 16 + positionState) === 0) return this.#literal();
    let length: number;
    if (this.#bit(IS_REP + this.#state) === 0) {
      this.#rep3 = this.#rep2;
      this.#rep2 = this.#rep1;
      this.#rep1 = this.#rep0;
      length = this.#length(LENGTH, positionState);
      this.#state = this.#state < 7 ? 7 : 10;
      this.#rep0 = this.#distance(length);
      if (this.#rep0 === 0xffffffff) return 'end-mark';
    } else {
      const short = this.#repeated(positionState);
      length = short === 'short' ? 1 : this.#length(REP_LENGTH, positionState) + 2;
      if (short === 'short') this.#state = this.#state < 7 ? 9 : 11;
      else this.#state = this.#state < 7 ? 8 : 11;
      return this.#copy(length, end);
    }
    return this.#copy(length + 2, end);
  }

  /** Moves the one of the last four distances that is meant to the front. */
  #repeated(positionState: number): 'short' | 'long' {
    if (this.#bit(IS_REP_G0 + this.#state) === 0) {
      return this.#bit(IS_REP0_LONG + this.#state * 16 + positionState) === 0 ? 'short' : 'long';
    }
    let distance = this.#rep1;
    if (this.#bit(IS_REP_G1 + this.#state) === 1) {
      if (this.#bit(IS_REP_G2 + this.#state) === 0) {
        distance = this.#rep2;
      } else {
        distance = this.#rep3;
        this.#rep3 = this.#rep2;
      }
      this.#rep2 = this.#rep1;
    }
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
    return 'long';
  }

  #literal(): 'on' | 'broken' {
    const { literalContextBits, literalPositionBits } = this.#properties;
    const position = this.filled - this.lowest;
    const previous = position === 0 ? 0 : (this.#output[this.filled - 1] ?? 0);
    const context =
      ((position & ((1 << literalPositionBits) - 1)) << literalContextBits) + (previous >> (8 - literalContextBits));
    const base = LITERAL + LITERAL_CODER * context;
    let symbol = 1;
    if (this.#state >= 7) {
      if (this.#rep0 >= position) return 'broken';
      let match = this.#output[this.filled - this.#rep0 - 1] ?? 0;
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.#bit(base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(base + symbol);
    this.#output[this.filled] = symbol & 0xff;
    this.filled += 1;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
    return 'on';
  }

  #copy(length: number, end: number): 'on' | 'broken' {
    if (this.#rep0 >= this.filled - this.lowest) return 'broken';
    const stop = Math.min(end, this.filled + length);
    const distance = this.#rep0 + 1;
    for (let at = this.filled; at < stop; at += 1) this.#output[at] = this.#output[at - distance] ?? 0;
    this.filled = stop;
    return 'on';
  }

  /** Returns the length less 2. */
  #length(coder: number, positionState: number): number {
    if (this.#bit(coder) === 0) return this.#tree(coder + 2 + positionState * 8, 3);
    if (this.#bit(coder + 1) === 0) return 8 + this.#tree(coder + 2 + 128 + positionState * 8, 3);
    return 16 + this.#tree(coder + 2 + 256, 8);
  }

  /** Returns the distance less 1; all ones for the end mark. */
  #distance(length: number): number {
    const slot = this.#tree(POSITION_SLOT + Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const directBits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << directBits) >>> 0;
    if (slot < 14) return base + this.#reverseTree(SPECIAL_POSITION + base - slot, directBits);
    let direct = 0;
    for (let left = directBits - 4; left > 0; left -= 1) direct = (direct << 1) | this.#directBit();
    return (base + (direct << 4) + this.#reverseTree(ALIGN, 4)) >>> 0;
  }

  #tree(base: number, bits: number): number {
    let symbol = 1;
    for (let left = bits; left > 0; left -= 1) symbol = (symbol << 1) | this.#bit(base + symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let index = 0; index < bits; index += 1) {
      const bit = this.#bit(base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << index;
    }
    return value;
  }

  #bit(index: number): 0 | 1 {
    const probability = this.#probabilities[index] ?? EVEN;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probabilities[index] = probability + ((2048 - probability) >> 5);
      this.#normalise();
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    this.#probabilities[index] = probability - (probability >> 5);
    this.#normalise();
    return 1;
  }

  #directBit(): 0 | 1 {
    this.#range >>>= 1;
    const bit = this.#code >= this.#range ? 1 : 0;
    if (bit === 1) this.#code -= this.#range;
    this.#normalise();
    return bit;
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at] ?? 0)) >>> 0;
    this.#at += 1;
  }
}
