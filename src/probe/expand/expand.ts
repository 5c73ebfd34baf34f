import { Unreadable, type Compression } from '../reading.ts';
import { inflateHead } from './zlib.ts';

/** A decoder of heads: fills `output` from its beginning with what `input` expands to, and says how far. */
type HeadDecoder = (input: Uint8Array, output: Uint8Array) => number;

type OwnMethod = Exclude<Compression, 'gzip' | 'zlib' | 'deflate-raw'>;

/** Loaded when first needed: most images are not compressed. */
const DECODERS: Readonly<Record<OwnMethod, () => Promise<HeadDecoder>>> = {
  bzip2: async () => (await import('./bzip2.ts')).expandBzip2,
  xz: async () => (await import('./xz.ts')).expandXz,
  lzma: async () => (await import('./lzma-alone.ts')).expandLzmaAlone,
  zstd: async () => (await import('./zstd.ts')).expandZstd,
  'lz4-frame': async () => (await import('./lz4.ts')).expandLz4Frame,
  'lz4-legacy': async () => (await import('./lz4.ts')).expandLz4Legacy,
};

const loaded = new Map<OwnMethod, HeadDecoder>();

async function decoderOf(method: OwnMethod): Promise<HeadDecoder> {
  const held = loaded.get(method);
  if (held !== undefined) return held;
  const decoder = await DECODERS[method]();
  loaded.set(method, decoder);
  return decoder;
}

/**
 * The first `limit` bytes (at most) that `input` expands to; fewer where the input ends or breaks off. What follows the stream is
 * ignored. Memory is bounded by `limit` and what the method needs beside its window (4 MiB at the most, for bzip2): a window is never
 * larger than the output, whatever the header asks for, because nothing can refer farther back.
 *
 * @throws Unreadable malformed: not one byte could be expanded; unsupported: a feature without a decoder.
 */
export async function expandHead(compression: Compression, input: Uint8Array, limit: number): Promise<Uint8Array> {
  if (limit === 0) return new Uint8Array(0);
  if (compression === 'gzip' || compression === 'zlib' || compression === 'deflate-raw') {
    return inflateHead(compression, input, limit);
  }
  const decode = await decoderOf(compression);
  const output = new Uint8Array(limit);
  const length = decode(input, output);
  if (length === 0) throw new Unreadable('malformed', `not one byte of the ${compression} data could be expanded`);
  return output.subarray(0, length);
}
