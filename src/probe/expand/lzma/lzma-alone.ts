import { LzmaDecoder, lzmaProperties } from './decoder.ts';
import type { Expanded } from '../streams/read-on.ts';

/**
 * Properties byte, dictionary size LE32, plaintext size LE64 (all ones: unknown). Source: LZMA SDK,
 * lzma-specification.txt.
 */
const HEADER_LENGTH = 13;

export function expandLzmaAlone(input: Uint8Array, output: Uint8Array): Expanded {
  const properties = lzmaProperties(input[0] ?? 0xff);
  if (properties === null || input.length < HEADER_LENGTH) return { filled: 0, ended: false };
  const view = new DataView(input.buffer, input.byteOffset, HEADER_LENGTH);
  const size = view.getBigUint64(5, true);
  const decoder = new LzmaDecoder(output);
  decoder.reset(properties);
  const end = size < BigInt(output.length) ? Number(size) : output.length;
  const outcome = decoder.run(input.subarray(HEADER_LENGTH), end);
  return { filled: decoder.filled, ended: outcome === 'end-mark' || (outcome === 'done' && end < output.length) };
}
