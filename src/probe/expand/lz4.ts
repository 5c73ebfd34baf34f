/**
 * LZ4 from the beginning of a frame. Sources: lz4, doc/lz4_Block_format.md and doc/lz4_Frame_format.md ("Legacy frame" at its end);
 * Linux initial ramdisks use the legacy frame.
 */

const LEGACY_MAGIC = 0x184c2102;
const FRAME_MAGIC = 0x184d2204;

/** Bit 31 of a block size: the block is stored as it is. */
const STORED = 0x80000000;

export function expandLz4Legacy(input: Uint8Array, output: Uint8Array): number {
  let at = 4;
  let filled = 0;
  while (at + 4 <= input.length && filled < output.length) {
    const size = u32le(input, at);
    at += 4;
    // A second frame may follow at once; anything else that is no size of a block ends the stream.
    if (size === LEGACY_MAGIC) continue;
    if (size === 0 || size > input.length * 2 + 0x1000000) break;
    const end = Math.min(at + size, input.length);
    const block = expandBlock(input, at, end, output, filled, filled);
    filled = block.filled;
    if (block.state === 'broken') break;
    at = end;
  }
  return filled;
}

export function expandLz4Frame(input: Uint8Array, output: Uint8Array): number {
  if (input.length < 7 || u32le(input, 0) !== FRAME_MAGIC) return 0;
  const flags = input[4] ?? 0;
  const checksums = (flags & 0x10) === 0 ? 0 : 4;
  let at = 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
  let filled = 0;
  while (at + 4 <= input.length && filled < output.length) {
    const word = u32le(input, at);
    at += 4;
    const size = word & ~STORED;
    if (size === 0) break;
    const end = Math.min(at + size, input.length);
    if ((word & STORED) !== 0) {
      const piece = input.subarray(at, Math.min(end, at + output.length - filled));
      output.set(piece, filled);
      filled += piece.length;
    } else {
      // Linked blocks refer to the 64 KiB before them; independent ones never do, so that all may.
      const block = expandBlock(input, at, end, output, filled, 0);
      filled = block.filled;
      if (block.state === 'broken') break;
    }
    at = end + checksums;
  }
  return filled;
}

interface ExpandedBlock {
  readonly filled: number;
  readonly state: 'sound' | 'broken';
}

/** One block: [at, end) of the input to the output from `filled` on; matches reach back to `lowest`, inclusive. */
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
  /** A length of 15 in the token goes on in bytes up to one that is not 255. */
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

function u32le(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
