import { expandLz4Frame, expandLz4Legacy } from './lz4.ts';
import { readOn, u32le, type Expanded, type StreamDecoder } from './streams/read-on.ts';
import { expandZstdFrame } from './zstd/block.ts';

/**
 * Frames of Zstandard and LZ4 in any order, with skippable frames between them; zstd reads them so, and pzstd begins
 * with a skippable one. Sources: RFC 8878 3.1.2; lz4, doc/lz4_Frame_format.md, "Skippable Frames".
 */
const DECODERS: ReadonlyMap<number, StreamDecoder> = new Map([
  [0xfd2fb528, expandZstdFrame],
  [0x184d2204, expandLz4Frame],
  [0x184c2102, expandLz4Legacy],
]);

const SKIPPABLE = 0x184d2a50;

export function expandFrames(input: Uint8Array, output: Uint8Array): Expanded {
  return readOn(decoderAt, input, output);
}

function decoderAt(input: Uint8Array, at: number): StreamDecoder | null {
  const magic = u32le(input, at);
  return (magic & ~15) >>> 0 === SKIPPABLE ? skip : (DECODERS.get(magic) ?? null);
}

const skip: StreamDecoder = (input, at, _output, filled) => {
  const end = at + 8 + u32le(input, at + 4);
  return { filled, end: end > input.length ? null : end };
};
