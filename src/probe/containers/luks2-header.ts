import type { Fields } from '../reading/fields.ts';

/** The fields of a LUKS2 binary header that both copies must agree on, big-endian ("LUKS2 On-Disk Format Specification" 1.1.1). */
export interface Luks2Header {
  readonly offset: number;
  /** Bytes of the header with its JSON area; the second header stands that far from the first. */
  readonly length: bigint;
  readonly sequence: bigint;
  readonly uuid: Buffer;
  /** Where the header says that it stands. */
  readonly ownOffset: bigint;
}

const BINARY_LENGTH = 512;
const VERSION = [0, 2];
const FIRST_MAGIC = [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe];
const SECOND_MAGIC = [0x53, 0x4b, 0x55, 0x4c, 0xba, 0xbe];

/** The lengths that a header may have, 16 KiB to 4 MiB, and so the places of the second one. */
export const SECONDARY_OFFSETS: readonly number[] = [14, 15, 16, 17, 18, 19, 20, 21, 22].map((bits) => 2 ** bits);

/** The header at an offset of the head; null where none is, or the head ends before. */
export function luks2HeaderAt(head: Fields, offset: number): Luks2Header | null {
  if (!head.has(offset, BINARY_LENGTH)) return null;
  if (!head.is(offset, offset === 0 ? FIRST_MAGIC : SECOND_MAGIC) || !head.is(offset + 6, VERSION)) return null;
  return {
    offset,
    length: head.u64be(offset + 8),
    sequence: head.u64be(offset + 16),
    uuid: Buffer.from(head.slice(offset + 168, offset + 208)),
    ownOffset: head.u64be(offset + 256),
  };
}
