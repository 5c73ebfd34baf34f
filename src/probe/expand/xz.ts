import { Unreadable } from '../reading.ts';
import { LzmaDecoder, lzmaProperties } from './lzma.ts';

/**
 * The first blocks of an .xz stream. Sources: "The .xz File Format" 1.2.1 (stream header 2.1.1, block header 3.1); for LZMA2, which
 * it does not describe, xz's liblzma/lzma/lzma2_decoder.c. Checksums are not looked at: what is judged is the plaintext.
 */

const STREAM_HEADER_LENGTH = 12;
const LZMA2 = 0x21;

export function expandXz(input: Uint8Array, output: Uint8Array): number {
  const checkLength = CHECK_LENGTHS[(input[7] ?? 0) & 0x0f] ?? 0;
  const decoder = new LzmaDecoder(output);
  let at = STREAM_HEADER_LENGTH;
  // A zero where the size of a block header should be begins the index: no more blocks.
  while (at < input.length && input[at] !== 0 && decoder.filled < output.length) {
    const data = blockData(input, at);
    if (data === null) break;
    const end = expandLzma2(input, data, output.length, decoder);
    if (end === null) break;
    at = Math.ceil(end / 4) * 4 + checkLength;
  }
  return decoder.filled;
}

/** Bytes of the check behind a block, by its id. */
const CHECK_LENGTHS: readonly number[] = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/**
 * Where the data of the block at `at` begins; null where the header is cut or broken.
 * @throws Unreadable unsupported: a filter before LZMA2, such as the branch converter of one processor.
 */
function blockData(input: Uint8Array, at: number): number | null {
  const length = ((input[at] ?? 0) + 1) * 4;
  const flags = input[at + 1] ?? 0;
  if (at + length > input.length || (flags & 0x3c) !== 0) return null;
  let field = at + 2;
  for (const present of [flags & 0x40, flags & 0x80]) {
    if (present !== 0) field = behindInteger(input, field);
  }
  if ((flags & 0x03) !== 0 || input[field] !== LZMA2) {
    throw new Unreadable('unsupported', 'xz data with a filter before LZMA2');
  }
  return at + length;
}

/** Variable-length integers: seven bits a byte, nine bytes at the most. */
function behindInteger(input: Uint8Array, at: number): number {
  let field = at;
  while (field < at + 8 && ((input[field] ?? 0) & 0x80) !== 0) field += 1;
  return field + 1;
}

/** LZMA2 chunks from `start` on; where they end, or null where they break off. */
function expandLzma2(input: Uint8Array, start: number, limit: number, decoder: LzmaDecoder): number | null {
  let at = start;
  decoder.lowest = decoder.filled;
  for (;;) {
    const control = input[at];
    if (control === undefined || decoder.filled === limit) return null;
    if (control === 0) return at + 1;
    if (control === 1 || control >= 0xe0) decoder.lowest = decoder.filled;
    if (control < 0x80) {
      if (control > 2) return null;
      const size = u16be(input, at + 1) + 1;
      decoder.store(input.subarray(at + 3, at + 3 + size));
      at += 3 + size;
      continue;
    }
    const plainSize = (((control & 0x1f) << 16) | u16be(input, at + 1)) + 1;
    const packedSize = u16be(input, at + 3) + 1;
    const fresh = control >= 0xc0;
    const properties = fresh ? lzmaProperties(input[at + 5] ?? 0xff) : decoder.properties;
    if (properties === null) return null;
    if (control >= 0xa0) decoder.reset(properties);
    at += fresh ? 6 : 5;
    const outcome = decoder.run(input.subarray(at, at + packedSize), Math.min(limit, decoder.filled + plainSize));
    if (outcome !== 'done') return null;
    at += packedSize;
  }
}

function u16be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
