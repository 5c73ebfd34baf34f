import { constants, createGunzip, createInflate, createInflateRaw, inflateRawSync, inflateSync } from 'node:zlib';

import { Unreadable, END_LENGTH, type PlaintextEnd } from '../reading/reading.ts';

export type ZlibFormat = 'gzip' | 'zlib' | 'deflate-raw';

const AT_ONCE = { zlib: inflateSync, 'deflate-raw': inflateRawSync } as const;
const IN_PIECES = { gzip: createGunzip, zlib: createInflate, 'deflate-raw': createInflateRaw } as const;

/** Piece size of an attempt after an error. An error loses the piece in which it occurs, so pieces are small. */
const SMALL_PIECE = 64;

/** Piece size for a long plaintext of which little is kept. */
const LARGE_PIECE = 64 * 1024;

/**
 * Inflates up to `limit` bytes. The first attempt expands everything at once, which is fastest and usual for the blocks
 * of a disk image. Gzip goes in pieces from the start: it is usually the head of something long.
 */
export async function inflateHead(format: ZlibFormat, input: Uint8Array, limit: number): Promise<Uint8Array> {
  const attempts = [
    () => (format === 'gzip' ? null : atOnce(format, input, limit)),
    () => inPieces(format, input, 0, limit, Math.max(SMALL_PIECE, limit)),
    // Gunzip fails at garbage behind the member; a raw decoder stops where the member ends.
    () => (format === 'gzip' ? inPieces('deflate-raw', firstMember(input), 0, limit, SMALL_PIECE) : null),
    () => inPieces(format, input, 0, limit, SMALL_PIECE),
  ];
  for (const attempt of attempts) {
    const output = await attempt();
    if (output !== null && output.length > 0) return output;
  }
  throw new Unreadable('malformed', `not one byte of the ${format} data could be expanded`);
}

function atOnce(format: 'zlib' | 'deflate-raw', input: Uint8Array, limit: number): Uint8Array | null {
  try {
    return AT_ONCE[format](input, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit });
  } catch {
    // Longer than the limit, or broken.
    return null;
  }
}

/** Returns bytes [from, limit) of the plaintext without holding those before them. */
export async function inflateRange(
  format: ZlibFormat,
  input: Uint8Array,
  from: number,
  limit: number,
): Promise<Uint8Array> {
  return inPieces(format, input, from, limit, LARGE_PIECE);
}

/**
 * Returns the size and the last bytes of a plaintext; null where it does not end within `limit`, or its checksum is
 * wrong. A zlib stream must take up all of the input: there is no other sign that the input is one.
 */
export async function inflateEnd(format: ZlibFormat, input: Uint8Array, limit: number): Promise<PlaintextEnd | null> {
  let size = 0;
  let tail: Uint8Array = new Uint8Array(0);
  const stream = IN_PIECES[format]({ chunkSize: LARGE_PIECE });
  stream.end(input);
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > limit) return null;
      tail = Buffer.concat([tail, piece.subarray(-END_LENGTH)]).subarray(-END_LENGTH);
    }
  } catch {
    return null;
  }
  return format === 'zlib' && stream.bytesWritten < input.length ? null : { size, tail };
}

/** Returns bytes [from, limit) of the plaintext, as far as it comes before an error. */
async function inPieces(
  format: ZlibFormat,
  input: Uint8Array,
  from: number,
  limit: number,
  chunkSize: number,
): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let passed = 0;
  const stream = IN_PIECES[format]({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize });
  stream.end(input);
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      if (passed + piece.length > from) kept.push(piece.subarray(Math.max(0, from - passed), limit - passed));
      passed += piece.length;
      if (passed >= limit) break;
    }
  } catch {
    // The pieces before the error are correct.
  }
  return Buffer.concat(kept);
}

/** Returns the deflated data of the first member; nothing where the header does not end. Source: RFC 1952 2.3. */
function firstMember(input: Uint8Array): Uint8Array {
  const flags = input[3] ?? 0;
  let at = 10;
  if ((flags & 0x04) !== 0) at += 2 + (input[at] ?? 0) + ((input[at + 1] ?? 0) << 8);
  for (const text of [flags & 0x08, flags & 0x10]) {
    if (text === 0) continue;
    const end = input.indexOf(0, at);
    if (end < 0) return input.subarray(input.length);
    at = end + 1;
  }
  if ((flags & 0x02) !== 0) at += 2;
  return input.subarray(at);
}
