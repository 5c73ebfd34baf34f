import { u32le, type OneStream } from '../streams/read-on.ts';
import { expandBlock, startFrame } from './block.ts';

/**
 * A frame of Zstandard. The output is the window: a match cannot reach farther back than the output, so the decoder
 * keeps no window and ignores the window size in the header. Checksums are not verified: the plaintext is judged, whole
 * or not. Source: RFC 8878 (frame header 3.1.1.1, blocks 3.1.1.2).
 */

const LARGEST_BLOCK = 128 * 1024;
const CHECKSUM_LENGTH = 4;

/** Descriptor bits (RFC 8878 3.1.1.1.1). */
const HAS_CHECKSUM = 0x04;
const IS_SINGLE = 0x20;
/** A reserved bit, and the two bits of a dictionary, which is never at hand. */
const NOT_READ = 0x0b;

export function expandZstdFrame(input: Uint8Array, start: number, output: Uint8Array, from: number): OneStream {
  const frame = startFrame(output, from);
  const descriptor = input[start + 4] ?? 0;
  if (start + 6 > input.length || (descriptor & NOT_READ) !== 0) return { filled: from, end: null };
  let at = start + headerLength(descriptor);
  while (frame.filled < output.length && at + 3 <= input.length) {
    const header = u32le(input, at) & 0xffffff;
    const size = header >> 3;
    if (size > LARGEST_BLOCK) break;
    at += 3;
    const kind = (header >> 1) & 3;
    if (kind === 0) {
      const piece = input.subarray(at, Math.min(at + size, at + output.length - frame.filled));
      output.set(piece, frame.filled);
      frame.filled += piece.length;
    } else if (kind === 1) {
      if (at === input.length) break;
      const end = Math.min(output.length, frame.filled + size);
      output.fill(input[at] ?? 0, frame.filled, end);
      frame.filled = end;
    } else if (
      kind === 3 ||
      at + size > input.length ||
      expandBlock(input.subarray(at, at + size), frame) === 'broken'
    ) {
      break;
    }
    at += kind === 1 ? 1 : size;
    if ((header & 1) === 0) continue;
    const end = at + ((descriptor & HAS_CHECKSUM) === 0 ? 0 : CHECKSUM_LENGTH);
    return { filled: frame.filled, end: end > input.length ? null : end };
  }
  return { filled: frame.filled, end: null };
}

function headerLength(descriptor: number): number {
  const isSingle = (descriptor & IS_SINGLE) !== 0;
  const sizeCode = descriptor >> 6;
  const sizeLength = sizeCode === 0 ? (isSingle ? 1 : 0) : 1 << sizeCode;
  return 5 + (isSingle ? 0 : 1) + sizeLength;
}
