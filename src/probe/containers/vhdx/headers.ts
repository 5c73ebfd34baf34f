import { type FileHead, fieldsOf, type Fields } from '../../reading/fields.ts';
import { readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import { crc32cWithoutField } from '../../reading/checksums.ts';
import type { Observations } from '../format/opening.ts';

export interface VhdxHeader {
  /** The log may hold writes that are not in the tables yet. */
  readonly logPending: boolean;
}

const HEADER_LENGTH = 4096;
const PLACES = [64 * 1024, 128 * 1024] as const;
const MIB = 1024 * 1024;

interface Copy {
  readonly offset: number;
  readonly fields: Fields;
  readonly sequence: bigint;
}

/**
 * Reads the current header: of the copies with signature and checksum, the one with the higher sequence number
 * ([MS-VHDX] 2.2.2). Two with one number must be equal, as Disk2VHD writes them (QEMU block/vhdx.c, vhdx_parse_header).
 *
 * @throws Unreadable malformed: no header is valid, or the valid one breaks a rule.
 */
export function* currentHeader({ size }: FileHead, notes: Observations): Reading<VhdxHeader> {
  const copies: Copy[] = [];
  for (const offset of PLACES) {
    const copy = yield* readCopy(offset);
    if (copy === null) notes.saw(offset, 'no valid header');
    else copies.push(copy);
  }
  const current = choose(copies);
  if (copies.length < PLACES.length) {
    notes.warn('HEADERS_DISAGREE', current.offset, 'one of the two headers is not valid');
  }
  const { fields, offset } = current;
  if (fields.u16le(66) !== 1) throw new Unreadable('malformed', `version ${fields.u16le(66)} of the VHDX format`);
  notes.saw(offset, 'current header, CRC-32C right');
  return { logPending: noteLog(current, size, notes) };
}

function* readCopy(offset: number): Reading<Copy | null> {
  const fields = fieldsOf(yield* readUpTo(offset, HEADER_LENGTH));
  if (!fields.has(0, HEADER_LENGTH) || !fields.is(0, 'head')) return null;
  if (crc32cWithoutField(fields.bytes, 4) !== fields.u32le(4)) return null;
  return { offset, fields, sequence: fields.u64le(8) };
}

function choose(copies: readonly Copy[]): Copy {
  const [first, second] = copies;
  if (first === undefined) throw new Unreadable('malformed', 'neither header is valid');
  if (second === undefined) return first;
  if (first.sequence === second.sequence && Buffer.compare(first.fields.bytes, second.fields.bytes) !== 0) {
    throw new Unreadable('malformed', 'two different headers with one sequence number');
  }
  return second.sequence > first.sequence ? second : first;
}

/** Whether a log must be replayed: its GUID is not zero. */
function noteLog({ fields, offset }: Copy, size: number | null, notes: Observations): boolean {
  const pending = fields.slice(48, 64).some((byte) => byte !== 0);
  const length = fields.u32le(68);
  const start = fields.u64le(72);
  if (length % MIB !== 0 || start % BigInt(MIB) !== 0n || (length > 0 && start < MIB)) {
    throw new Unreadable('malformed', `a log of ${length} bytes at ${start}`);
  }
  if (!pending) return false;
  if (fields.u16le(64) !== 0) throw new Unreadable('malformed', `log version ${fields.u16le(64)}`);
  notes.warn('DIRTY', offset + 48, 'a log that was not replayed');
  if (size !== null && start + BigInt(length) > size) {
    notes.warn('TABLE_OUT_OF_BOUNDS', offset + 72, `a log of ${length} bytes at ${start}`);
  }
  return true;
}
