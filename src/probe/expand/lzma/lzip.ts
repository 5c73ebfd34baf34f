import { LzmaDecoder } from './decoder.ts';
import { readOn, u32le, type Expanded, type StreamDecoder } from '../streams/read-on.ts';

/**
 * The members of a lzip file: a header of magic, version and dictionary size; LZMA data with an end mark and fixed
 * properties; a trailer of checksum, plaintext size and member size. Source: lzip manual, "File format"; lzip 1.23,
 * decoder.cc.
 */

const HEADER_LENGTH = 6;
const TRAILER_LENGTH = 20;
const MAGIC = 0x50495a4c;
const PROPERTIES = { literalContextBits: 3, literalPositionBits: 0, positionBits: 2 } as const;

export function expandLzip(input: Uint8Array, output: Uint8Array): Expanded {
  const decoder = new LzmaDecoder(output);
  const expandMember: StreamDecoder = (_, at) => {
    decoder.lowest = decoder.filled;
    decoder.reset(PROPERTIES);
    const outcome = decoder.run(input.subarray(at + HEADER_LENGTH), output.length);
    const end = at + HEADER_LENGTH + decoder.consumed + TRAILER_LENGTH;
    return { filled: decoder.filled, end: outcome === 'end-mark' && end <= input.length ? end : null };
  };
  return readOn((_, at) => (u32le(input, at) === MAGIC && input[at + 4] === 1 ? expandMember : null), input, output);
}
