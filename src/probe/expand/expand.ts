import { Unreadable, type Compression, END_LENGTH, type PlaintextEnd } from '../reading/reading.ts';
import type { Expanded } from './read-on.ts';
import { inflateEnd, inflateHead, inflateRange, type ZlibFormat } from './zlib.ts';

/** A decoder of heads: fills `output` from its beginning with what `input` expands to, and says how far. */
type HeadDecoder = (input: Uint8Array, output: Uint8Array) => Expanded;

type OwnMethod = Exclude<Compression, ZlibFormat>;

const frames = async (): Promise<HeadDecoder> => (await import('./frames.ts')).expandFrames;

/** Loaded when first needed: most images are not compressed. */
const DECODERS: Readonly<Record<OwnMethod, () => Promise<HeadDecoder>>> = {
  bzip2: async () => (await import('./bzip2.ts')).expandBzip2,
  xz: async () => (await import('./xz.ts')).expandXz,
  lzma: async () => (await import('./lzma-alone.ts')).expandLzmaAlone,
  lzip: async () => (await import('./lzip.ts')).expandLzip,
  lzw: async () => (await import('./lzw.ts')).expandLzw,
  zstd: frames,
  'lz4-frame': frames,
  'lz4-legacy': frames,
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
 * The first `limit` bytes (at most) that `input` expands to; fewer where the input ends or breaks off. Streams that
 * follow each other are one; what follows them is ignored. Memory is bounded by `limit` and what the method needs
 * beside its window (4 MiB at the most, for bzip2): a window is never larger than the output, whatever the header asks
 * for, because nothing can refer farther back.
 *
 * @throws Unreadable malformed: not one byte could be expanded; unsupported: a feature without a decoder.
 */
export async function expandHead(compression: Compression, input: Uint8Array, limit: number): Promise<Uint8Array> {
  if (limit === 0) return new Uint8Array(0);
  if (isZlib(compression)) return inflateHead(compression, input, limit);
  const output = new Uint8Array(limit);
  const { filled } = (await decoderOf(compression))(input, output);
  if (filled === 0) throw new Unreadable('malformed', `not one byte of the ${compression} data could be expanded`);
  return output.subarray(0, filled);
}

/** Bytes [from, limit) of what `input` expands to; otherwise as `expandHead`, whose memory is given back. */
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
 * Where the plaintext ends, if that is within `limit` bytes.
 *
 * @throws Unreadable truncated: it goes on, or the input is cut or broken.
 */
export async function expandEnd(compression: Compression, input: Uint8Array, limit: number): Promise<PlaintextEnd> {
  const end = isZlib(compression)
    ? await inflateEnd(compression, input, limit)
    : endOf(await decoderOf(compression), input, limit);
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
