import { readOn, type Expanded, type OneStream } from './streams/read-on.ts';

/**
 * The format of `compress` (.Z): LZW codes of 9 to 16 bits, the least significant bit first. It has neither length nor
 * checksum and ends with its last code. Source: ncompress 5.0, compress42.c.
 */

const HEADER_LENGTH = 3;
const FIRST_WIDTH = 9;
/** Code that empties the table, if the header allows it. */
const CLEAR = 256;

export function expandLzw(input: Uint8Array, output: Uint8Array): Expanded {
  const widest = (input[2] ?? 0) & 0x1f;
  const isHeader = input[0] === 0x1f && input[1] === 0x9d && ((input[2] ?? 0) & 0x60) === 0;
  const isKnown = isHeader && widest >= FIRST_WIDTH && widest <= 16;
  return readOn((_, at) => (at === 0 && isKnown ? expandCodes : null), input, output);
}

function expandCodes(input: Uint8Array, _at: number, output: Uint8Array): OneStream {
  const widest = (input[2] ?? 0) & 0x1f;
  const first = ((input[2] ?? 0) & 0x80) === 0 ? CLEAR : CLEAR + 1;
  // The text of a code is that of the code before it and one byte more, so it can be copied from the output.
  const starts = new Uint32Array(1 << 16);
  const lengths = new Uint32Array(1 << 16);
  const codes = new Codes(input, HEADER_LENGTH);
  let free = first;
  let before: { readonly start: number; readonly length: number } | null = null;
  let filled = 0;
  while (filled < output.length) {
    if (free >= 1 << codes.width && codes.width < widest) codes.widen();
    const code = codes.next();
    if (code === null) return { filled, end: input.length };
    if (code === CLEAR && first > CLEAR) {
      codes.restart();
      free = first;
      before = null;
      continue;
    }
    if (before !== null && free < 1 << widest) {
      starts[free] = before.start;
      lengths[free] = before.length + 1;
      free += 1;
    }
    const isByte = code < CLEAR;
    if (!isByte && (code >= free || before === null)) return { filled, end: null };
    const start = filled;
    const length = isByte ? 1 : (lengths[code] ?? 0);
    const stop = Math.min(output.length, start + length);
    const source = starts[code] ?? 0;
    // The text may overlap its own beginning, so it is copied byte by byte.
    for (; filled < stop; filled += 1) output[filled] = isByte ? code : (output[source + filled - start] ?? 0);
    before = { start, length };
  }
  return { filled, end: null };
}

/** Reads codes. They come in groups of eight of one width; a change of width skips the rest of the group. */
class Codes {
  width = FIRST_WIDTH;
  readonly #input: Uint8Array;
  #bit: number;
  #group: number;

  constructor(input: Uint8Array, start: number) {
    this.#input = input;
    this.#bit = this.#group = start * 8;
  }

  /** Returns the next code; null where no whole code is left. */
  next(): number | null {
    if (this.#bit + this.width > this.#input.length * 8) return null;
    const at = this.#bit >> 3;
    const bytes = (this.#input[at] ?? 0) | ((this.#input[at + 1] ?? 0) << 8) | ((this.#input[at + 2] ?? 0) << 16);
    const code = (bytes >> (this.#bit & 7)) & ((1 << this.width) - 1);
    this.#bit += this.width;
    return code;
  }

  widen(): void {
    this.#leaveGroup();
    this.width += 1;
  }

  restart(): void {
    this.#leaveGroup();
    this.width = FIRST_WIDTH;
  }

  #leaveGroup(): void {
    const group = this.width * 8;
    this.#bit = this.#group + Math.ceil((this.#bit - this.#group) / group) * group;
    this.#group = this.#bit;
  }
}
