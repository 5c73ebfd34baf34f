import { type ContainerFormat, type Observations, closed, openingWith } from './format/opening.ts';
import type { FileHead, Fields } from '../reading/fields.ts';

const MAGIC = 'LUKS\xba\xbe';
/** Of the second header of version 2. */
const SECOND_MAGIC = 'SKUL\xba\xbe';
const VERSION_1 = [0, 1];
const VERSION_2 = [0, 2];
const SECTOR = 512;
/** Lengths that a header may have, 16 KiB to 4 MiB, and so the possible offsets of the second header. */
const SECONDARY_OFFSETS: readonly number[] = [14, 15, 16, 17, 18, 19, 20, 21, 22].map((bits) => 2 ** bits);

/**
 * LUKS, versions 1 and 2, big-endian ("LUKS On-Disk Format Specification" 1.2.3; "LUKS2 On-Disk Format Specification"
 * 1.1.1, "Binary header"). Version 2 has a second header, which still identifies a disk whose first sectors were wiped.
 * Behind anything but zeros it may be a remainder and counts for nothing.
 */
export const LUKS: ContainerFormat = {
  containerType: 'luks',
  magics: [{ offset: 0, bytes: MAGIC }],
  recognise: (file) => {
    const { head } = file;
    if (head.is(0, MAGIC)) {
      if (head.is(6, VERSION_1)) return { offset: 0, detail: 'LUKS magic, version 1' };
      if (head.is(6, VERSION_2)) return { offset: 0, detail: 'LUKS magic, version 2' };
    }
    const secondary = secondaryOfWiped(file);
    return secondary === null ? null : { offset: secondary.offset, detail: 'second LUKS2 header, the first is wiped' };
  },
  // eslint-disable-next-line require-yield -- nothing beyond the head is needed
  open: openingWith('luks', function* inspect(file, notes) {
    notes.warn('ENCRYPTED_CONTENT', 0, 'a LUKS volume');
    if (!file.head.is(0, MAGIC)) {
      notes.warn('HEADERS_DISAGREE', 0, 'the first header is wiped, the second is there');
      return closed(null, 'encrypted');
    }
    if (file.head.is(6, VERSION_1)) return closed(virtualSizeOf1(file, notes), 'encrypted');
    compareHeaders(file, notes);
    return closed(null, 'encrypted');
  }),
};

/** Bytes at 0 that must be zeros for the first header to count as wiped. */
const WIPED = 4096;

function secondaryOfWiped({ head }: FileHead): Luks2Header | null {
  if (!head.has(0, WIPED) || head.slice(0, WIPED).some((byte) => byte !== 0)) return null;
  for (const offset of SECONDARY_OFFSETS) {
    const header = luks2HeaderAt(head, offset);
    if (header !== null && header.ownOffset === BigInt(offset) && header.length === BigInt(offset)) return header;
  }
  return null;
}

/** The bytes behind the payload offset (sectors, BE32 at 104); null for a detached header or a file cut short. */
function virtualSizeOf1({ head, size }: FileHead, notes: Observations): number | null {
  const payload = head.u32be(104) * SECTOR;
  if (size === null || payload === 0) return null;
  if (payload > size) {
    notes.warn('TRUNCATED', 104, 'the payload begins past the end of the file');
    return null;
  }
  return size - payload;
}

function compareHeaders({ head }: FileHead, notes: Observations): void {
  const primary = luks2HeaderAt(head, 0);
  if (primary === null || primary.ownOffset !== 0n || !SECONDARY_OFFSETS.includes(Number(primary.length))) {
    notes.warn('MALFORMED_HEADER', 8, 'LUKS2 header of a length or at an offset that is not defined');
    return;
  }
  const offset = Number(primary.length);
  // Behind the head: reading it is not worth a request.
  if (!head.has(offset, SECTOR)) return;
  const secondary = luks2HeaderAt(head, offset);
  if (secondary === null || secondary.sequence !== primary.sequence || !secondary.uuid.equals(primary.uuid)) {
    notes.warn('HEADERS_DISAGREE', offset, 'the second LUKS2 header is missing or differs');
  }
}

/** The header at an offset of the head; null where there is none, or the head ends before it. */
function luks2HeaderAt(head: Fields, offset: number) {
  if (!head.has(offset, SECTOR)) return null;
  if (!head.is(offset, offset === 0 ? MAGIC : SECOND_MAGIC) || !head.is(offset + 6, VERSION_2)) return null;
  return {
    offset,
    // Bytes of the header with its JSON area; the second header follows at this distance.
    length: head.u64be(offset + 8),
    sequence: head.u64be(offset + 16),
    uuid: Buffer.from(head.slice(offset + 168, offset + 208)),
    // Offset at which the header claims to lie.
    ownOffset: head.u64be(offset + 256),
  };
}

/** The fields of a LUKS2 binary header that both copies must share, big-endian. */
type Luks2Header = Readonly<NonNullable<ReturnType<typeof luks2HeaderAt>>>;
