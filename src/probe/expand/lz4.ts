import { u32le, type OneStream } from './streams/read-on.ts';

/**
 * Frames of LZ4. Linux initial ramdisks use the legacy frame. Sources: lz4, doc/lz4_Block_format.md and
 * doc/lz4_Frame_format.md ("Legacy frame" at its end); programs/lz4io.c.
 */

/** Bit 31 of a block size: the block is not compressed. */
const STORED = 0x80000000;

/** Largest compressed size of 8 MiB, the block of a legacy frame (LZ4_compressBound). */
const LARGEST_LEGACY_BLOCK = 8_421_520;

/** Decodes a legacy frame. It has no end mark: it ends at a word that cannot be a block size, such as another magic. */
export function expandLz4Legacy(input: Uint8Array, start: number, output: Uint8Array, from: number): OneStream {
  let at = start + 4;
  let filled = from;
  while (at + 4 <= input.length && filled < output.length) {
    const size = u32le(input, at);
    if (size === 0 || size > LARGEST_LEGACY_BLOCK) return { filled, end: at };
    const end = Math.min(at + 4 + size, input.length);
    const block = expandBlock(input, at + 4, end, output, filled, filled);
    filled = block.filled;
    at += 4 + size;
    if (block.state === 'broken') return { filled, end: null };
  }
  return { filled, end: at > input.length || filled === output.length ? null : input.length };
}

export function expandLz4Frame(input: Uint8Array, start: number, output: Uint8Array, from: number): OneStream {
  const flags = input[start + 4] ?? 0;
  const checksums = (flags & 0x10) === 0 ? 0 : 4;
  let at = start + 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
  let filled = from;
  while (at + 4 <= input.length && filled < output.length) {
    const word = u32le(input, at);
    at += 4;
    const size = word & ~STORED;
    if (size === 0) {
      const last = at + ((flags & 0x04) === 0 ? 0 : 4);
      return { filled, end: last > input.length ? null : last };
    }
    const end = Math.min(at + size, input.length);
    if ((word & STORED) !== 0) {
      const piece = input.subarray(at, Math.min(end, at + output.length - filled));
      output.set(piece, filled);
      filled += piece.length;
    } else {
      // Linked blocks refer to the 64 KiB before them. Independent blocks never do, so all may.
      const block = expandBlock(input, at, end, output, filled, from);
      filled = block.filled;
      if (block.state === 'broken') break;
    }
    at = end + checksums;
  }
  return { filled, end: null };
}

interface ExpandedBlock {
  readonly filled: number;
  readonly state: 'sound' | 'broken';
}

/** Decodes the block at [start, end) of the input. Matches reach back to `lowest` of the output, inclusive. */
function expandBlock(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  from: number,
  lowest: number,
): ExpandedBlock {
  let at = start;
  let filled = from;
  /** A length of 15 in the token continues in bytes, up to the first that is not 255. */
  const extended = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255 && at < end; at += 1) {
      more = input[at] ?? 0;
      length += more;
    }
    return length;
  };
  while (at < end && filled < output.length) {
    const token = input[at] ?? 0;
    at += 1;
    const literals = Math.min(extended(token >> 4), end - at, output.length - filled);
    output.set(input.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at + 2 > end || filled === output.length) break;
    const distance = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
    at += 2;
    if (distance === 0 || filled - distance < lowest) return { filled, state: 'broken' };
    const stop = Math.min(output.length, filled + extended(token & 15) + 4);
    for (; filled < stop; filled += 1) output[filled] = output[filled - distance] ?? 0;
  }
  return { filled, state: 'sound' };
}
