import { Unreadable } from '../../reading/reading.ts';
import { LzmaDecoder, lzmaProperties } from './decoder.ts';
import { readOn, type Expanded, type StreamDecoder } from '../streams/read-on.ts';

/**
 * The streams of an .xz file. Checksums are not verified: the plaintext is judged, whole or not. Sources: "The .xz File
 * Format" 1.2.1 (stream header 2.1.1, block header 3.1, index 4, padding 2.2); for LZMA2, which it does not describe,
 * xz's liblzma/lzma/lzma2_decoder.c.
 */

const STREAM_HEADER_LENGTH = 12;
const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] as const;
const LZMA2 = 0x21;

export function expandXz(input: Uint8Array, output: Uint8Array): Expanded {
  const decoder = new LzmaDecoder(output);
  const expandStream: StreamDecoder = (_, at) => {
    const end = streamEnd(input, at, output.length, decoder);
    return { filled: decoder.filled, end };
  };
  return readOn(
    (_, at) => (MAGIC.every((byte, index) => input[at + index] === byte) ? expandStream : null),
    input,
    output,
  );
}

/** Decodes the stream at `start`. Returns where the next one may begin, or null where this one is cut or broken. */
function streamEnd(input: Uint8Array, start: number, limit: number, decoder: LzmaDecoder): number | null {
  const checkLength = CHECK_LENGTHS[(input[start + 7] ?? 0) & 0x0f] ?? 0;
  let at = start + STREAM_HEADER_LENGTH;
  // A block header begins with its size. A zero there begins the index.
  while (input[at] !== 0) {
    const data = decoder.filled < limit ? blockData(input, at, decoder.filled) : null;
    const end = data === null ? null : expandLzma2(input, data, limit, decoder);
    if (end === null) return null;
    at = padded(start, end) + checkLength;
  }
  return behindIndex(input, at);
}

/** The index has two numbers for each block. Its checksum, the footer and zeros in groups of four follow. */
function behindIndex(input: Uint8Array, start: number): number | null {
  let at = behindInteger(input, start + 1);
  const count = integerAt(input, start + 1);
  for (let left = count * 2; left > 0; left -= 1) {
    if (at >= input.length) return null;
    at = behindInteger(input, at);
  }
  at = padded(start, at) + 4 + FOOTER_LENGTH;
  if (at > input.length || input[at - 2] !== 0x59 || input[at - 1] !== 0x5a) return null;
  while (at + 4 <= input.length && input.subarray(at, at + 4).every((byte) => byte === 0)) at += 4;
  return at;
}

/** Rounds up to a multiple of four bytes from the beginning of the stream. */
function padded(start: number, at: number): number {
  return start + Math.ceil((at - start) / 4) * 4;
}

const FOOTER_LENGTH = 12;

/** Length of the check behind a block, by check id. */
const CHECK_LENGTHS: readonly number[] = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/**
 * Returns where the data of the block at `at` begins; null where the header is cut or broken, or a filter occurs after
 * some bytes were expanded.
 * @throws Unreadable unsupported: a filter before LZMA2, such as a branch converter.
 */
function blockData(input: Uint8Array, at: number, filled: number): number | null {
  const length = ((input[at] ?? 0) + 1) * 4;
  const flags = input[at + 1] ?? 0;
  if (at + length > input.length || (flags & 0x3c) !== 0) return null;
  let field = at + 2;
  for (const present of [flags & 0x40, flags & 0x80]) {
    if (present !== 0) field = behindInteger(input, field);
  }
  if ((flags & 0x03) !== 0 || input[field] !== LZMA2) {
    if (filled > 0) return null;
    throw new Unreadable('unsupported', 'xz data with a filter before LZMA2');
  }
  return at + length;
}

/** Returns the offset behind a variable-length integer: seven bits a byte, at most nine bytes. */
function behindInteger(input: Uint8Array, at: number): number {
  let field = at;
  while (field < at + 8 && ((input[field] ?? 0) & 0x80) !== 0) field += 1;
  return field + 1;
}

function integerAt(input: Uint8Array, at: number): number {
  let value = 0;
  for (let field = behindInteger(input, at) - 1; field >= at; field -= 1)
    value = value * 128 + ((input[field] ?? 0) & 0x7f);
  return value;
}

/** Decodes the LZMA2 chunks at `start`. Returns where they end, or null where they are cut or broken. */
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
