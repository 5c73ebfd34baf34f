import { LzmaDecoder, lzmaProperties } from './lzma.ts';

/** Properties byte, dictionary size LE32, plaintext size LE64 (all ones: unknown). Source: LZMA SDK, lzma-specification.txt. */
const HEADER_LENGTH = 13;

export function expandLzmaAlone(input: Uint8Array, output: Uint8Array): number {
  const properties = lzmaProperties(input[0] ?? 0xff);
  if (properties === null || input.length < HEADER_LENGTH) return 0;
  const view = new DataView(input.buffer, input.byteOffset, HEADER_LENGTH);
  const size = view.getBigUint64(5, true);
  const decoder = new LzmaDecoder(output);
  decoder.reset(properties);
  decoder.run(input.subarray(HEADER_LENGTH), size < BigInt(output.length) ? Number(size) : output.length);
  return decoder.filled;
}
