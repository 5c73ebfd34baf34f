import { expandBlock, startFrame } from './zstd-block.ts';

/**
 * Zstandard from the beginning of a stream. Source: RFC 8878 (frame header 3.1.1.1, blocks 3.1.1.2). The output is the window: a match
 * cannot reach farther back than what was decoded, so no window is kept and its size in the header does not matter. Checksums are not
 * looked at: what is judged is the plaintext.
 */

const MAGIC = 0xfd2fb528;
const LARGEST_BLOCK = 128 * 1024;

export function expandZstd(input: Uint8Array, output: Uint8Array): number {
  const start = behindHeader(input);
  if (start === null) return 0;
  const frame = startFrame(output);
  let at = start;
  while (frame.filled < output.length && at + 3 <= input.length) {
    const header = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16);
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
    if ((header & 1) === 1) break;
  }
  return frame.filled;
}

/** Where the first block begins; null where this is no frame header, or one that needs a dictionary. */
function behindHeader(input: Uint8Array): number | null {
  if (input.length < 6) return null;
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const descriptor = view.getUint8(4);
  if (view.getUint32(0, true) !== MAGIC || (descriptor & 0x0b) !== 0) return null;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeCode = descriptor >> 6;
  const sizeLength = sizeCode === 0 ? (isSingle ? 1 : 0) : 1 << sizeCode;
  return 5 + (isSingle ? 0 : 1) + sizeLength;
}
