import { crc32 } from 'node:zlib';
import type { ByteEvidence } from '../../../model/verdict.ts';
import { type ContentWindow, sighting, type Partition, type Recogniser, type Sighting } from '../sighting/sighting.ts';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { withZeroed } from '../../reading/checksums.ts';
import { GPT_PROTECTIVE, inspectedFault, isFatBootSector, mbrEntries } from './master-boot-record.ts';

/** The header lies in block 1, has at least 92 bytes and names its block (UEFI specification 2.10, section 5.3.2). */
const SIGNATURE = 'EFI PART';
const LEAST_HEADER = 92;

/** Block sizes: 512 and 4096 are in use; other programs read the other two as well. */
const BLOCK_SIZES = [512, 4096, 1024, 2048] as const;

/** A GPT with a valid header checksum and a protective MBR. */
export const guidPartitionTable: Recogniser = (window) => {
  const found = validHeader(window);
  return found !== null && hasProtectiveEntry(window.bytes) ? found : null;
};

/**
 * An intact GPT without protective MBR. Linux and most firmware ignore it, so any other structure takes precedence. If
 * its entries are damaged too, a new filesystem has overwritten it, and it does not count.
 */
export const unprotectedGuidPartitionTable: Recogniser = (window) => {
  const found = validHeader(window);
  if (found === null || found.confidence !== 'certain' || hasProtectiveEntry(window.bytes)) return null;
  return { ...found, confidence: 'weak' };
};

/** Whether the window holds a GPT header with a valid checksum. */
export function hasGuidPartitionTable(window: ContentWindow): boolean {
  return validHeader(window) !== null;
}

function validHeader({ bytes, sectorSize }: ContentWindow): Sighting | null {
  const sizes = [sectorSize, ...BLOCK_SIZES.filter((size) => size !== sectorSize)];
  const blockSize = sizes.find((size) => isHeader(bytes, size));
  if (blockSize === undefined) return null;
  const entries = entryArray(bytes, blockSize);
  const header = `header checksum holds, ${blockSize}-byte sectors`;
  return sighting('GPT', 'disk', entries.confidence, blockSize, {
    detail: header,
    more: [entries.evidence],
    safety: isRefusedBootSector(bytes) ? ['GPT_NONSTANDARD'] : [],
    claims: (bytes.u64le(blockSize + 32) + 1n) * BigInt(blockSize),
    partitions: entries.partitions,
  });
}

function isHeader(bytes: Fields, at: number): boolean {
  if (!bytes.is(at, SIGNATURE) || !bytes.is(at + 8, [0, 0, 1, 0]) || !bytes.has(at, at)) return false;
  const length = bytes.u32le(at + 12);
  if (length < LEAST_HEADER || length > at || bytes.u64le(at + 24) !== 1n) return false;
  if (!isPowerOfTwo(bytes.u32le(at + 84), 128, 4096)) return false;
  const header = bytes.slice(at, at + length);
  return crc32(withZeroed(header, 16, 20)) === bytes.u32le(at + 16);
}

interface EntryArray {
  /** `certain` only where the checksum of the entries was computed and holds. */
  readonly confidence: 'certain' | 'likely';
  readonly evidence: ByteEvidence;
  readonly partitions: readonly Partition[];
}

/** Reads the entries, usually in block 2, and verifies their checksum where the window holds all of them. */
function entryArray(bytes: Fields, blockSize: number): EntryArray {
  const first = bytes.u64le(blockSize + 72) * BigInt(blockSize);
  const [count, width] = [bytes.u32le(blockSize + 80), bytes.u32le(blockSize + 84)];
  if (first > BigInt(bytes.length) || !bytes.has(Number(first), count * width)) {
    const evidence = { offset: blockSize + 72, detail: 'GPT entries lie further on' };
    return { confidence: 'likely', evidence, partitions: [] };
  }
  const offset = Number(first);
  if (crc32(bytes.slice(offset, offset + count * width)) !== bytes.u32le(blockSize + 88)) {
    const evidence = { offset, detail: 'GPT entries: checksum does not hold' };
    return { confidence: 'likely', evidence, partitions: [] };
  }
  const partitions = Array.from({ length: count }, (_, index) => offset + index * width)
    .filter((at) => bytes.u64le(at) !== 0n || bytes.u64le(at + 8) !== 0n)
    .map((at) => ({
      start: bytes.u64le(at + 32) * BigInt(blockSize),
      end: (bytes.u64le(at + 40) + 1n) * BigInt(blockSize),
    }));
  return { confidence: 'certain', evidence: { offset, detail: 'GPT entries: checksum holds' }, partitions };
}

function hasProtectiveEntry(bytes: Fields): boolean {
  return mbrEntries(bytes)?.some(({ type }) => type === GPT_PROTECTIVE) ?? false;
}

/**
 * Whether an inspection that knows partition tables takes a first sector for one because of 55 AA, and then refuses it.
 */
export function isRefusedBootSector(bytes: Fields): boolean {
  const entries = mbrEntries(bytes);
  return entries !== null && !isFatBootSector(bytes) && inspectedFault(entries) !== 'sound';
}
