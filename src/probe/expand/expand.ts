import { Unreadable, type Compression, END_LENGTH, type PlaintextEnd } from '../reading/reading.ts';
import type { Expanded } from './streams/read-on.ts';
import { inflateEnd, inflateHead, inflateRange, type ZlibFormat } from './zlib.ts';

/** Fills `output` from its beginning with what `input` expands to. */
type HeadDecoder = (input: Uint8Array, output: Uint8Array) => Expanded;

type OwnMethod = Exclude<Compression, ZlibFormat>;

const frames = async (): Promise<HeadDecoder> => (await import('./frames.ts')).expandFrames;

/**
 * Decoders that Node does not bring, each loaded when it is first needed: most images are not compressed. The prober
 * wants only the first bytes of a stream, from input that is often cut and may be hostile. Libraries that were tried on
 * 2026-11-30 do not hold for such input:
 *
 * - fzstd 0.1.1: 27 bytes with a Huffman description of one weight keep it busy for ever. A block of 80 KB whose
 *   matches write gigabytes ran for more than 120 s. A match that reaches before the frame gives zeros instead of an
 *   error.
 * - seek-bzip 2.0.0: it allocates the largest block anew for each block. 72 KiB of one-byte blocks took 2.6 s (here 0.1
 *   s), 1 MiB took 53 s (here 0.7 s).
 * - xz: the LZMA decoder is needed for .lzma and lzip anyway. xz-decompress 0.2.3 refuses files with SHA-256 checks and
 *   dictionaries of 1 GiB, which a head does not need.
 * - lz4: lz4js 0.2.0 has no legacy frame, which initial ramdisks use, and no limit for its output.
 */
const DECODERS: Readonly<Record<OwnMethod, () => Promise<HeadDecoder>>> = {
  bzip2: async () => (await import('./bzip2/bzip2.ts')).expandBzip2,
  xz: async () => (await import('./lzma/xz.ts')).expandXz,
  lzma: async () => (await import('./lzma/lzma-alone.ts')).expandLzmaAlone,
  lzip: async () => (await import('./lzma/lzip.ts')).expandLzip,
  lzw: async () => (await import('./lzw.ts')).expandLzw,
  zstd: frames,
  'lz4-frame': frames,
  'lz4-legacy': frames,
};

/**
 * Returns the first `limit` bytes that `input` expands to, or fewer where the input ends or is broken. Concatenated
 * streams count as one; bytes behind them are ignored. Memory is bounded by `limit` and by what the method needs beside
 * its window (at most 4 MiB, for bzip2). The output serves as the window: no match can reach farther back, so the
 * window size in a header does not matter.
 *
 * @throws Unreadable malformed: no byte could be expanded; unsupported: the data needs a feature without a decoder.
 */
export async function expandHead(compression: Compression, input: Uint8Array, limit: number): Promise<Uint8Array> {
  if (limit === 0) return new Uint8Array(0);
  if (isZlib(compression)) return inflateHead(compression, input, limit);
  const output = new Uint8Array(limit);
  const decode = await DECODERS[compression]();
  const { filled } = decode(input, output);
  if (filled === 0) throw new Unreadable('malformed', `not one byte of the ${compression} data could be expanded`);
  return output.subarray(0, filled);
}

/** Returns bytes [from, limit) of what `input` expands to. The copy lets go of the memory for the bytes before them. */
export async function expandRange(
  compression: Compression,
  input: Uint8Array,
  from: number,
  limit: number,
): Promise<Uint8Array> {
  if (isZlib(compression)) return inflateRange(compression, input, from, limit);
  return (await expandHead(compression, input, limit)).slice(from);
}

/**
 * Returns the size and the last bytes of the plaintext, if it ends within `limit` bytes.
 *
 * @throws Unreadable truncated: the plaintext is longer, or the input is cut or broken.
 */
export async function expandEnd(compression: Compression, input: Uint8Array, limit: number): Promise<PlaintextEnd> {
  const end = isZlib(compression)
    ? await inflateEnd(compression, input, limit)
    : endOf(await DECODERS[compression](), input, limit);
  if (end === null) throw new Unreadable('truncated', `the ${compression} data do not end within ${limit} bytes`);
  return end;
}

function endOf(decode: HeadDecoder, input: Uint8Array, limit: number): PlaintextEnd | null {
  const output = new Uint8Array(limit);
  const { filled, ended } = decode(input, output);
  return ended ? { size: filled, tail: output.slice(Math.max(0, filled - END_LENGTH), filled) } : null;
}

function isZlib(compression: Compression): compression is ZlibFormat {
  return compression === 'gzip' || compression === 'zlib' || compression === 'deflate-raw';
}
