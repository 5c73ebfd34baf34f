import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import type { Fields } from '../reading/fields.ts';
import { Unreadable, type Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { lostTable, readEntries } from './format/block-table.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, rule, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mapped, openingWith, type Inspected } from './format/opening.ts';
import { inspectName } from './format/remote-name.ts';

/**
 * Header of the copy-on-write format of User-Mode Linux as QEMU wrote it, big-endian (QEMU block/cow.c of 2.1,
 * cow_header_v2). The C struct was not packed, so its layout depends on the machine.
 */
interface CowHeader {
  /** Bytes of the header; the bitmap of allocated sectors follows. */
  readonly length: number;
  readonly virtualSize: bigint;
}

const MAGIC = 'OOOM';
const VERSION = 2;
const SECTOR = 512;
const NAME = { offset: 8, length: 1024 } as const;
/** Offsets of size and sector size in the struct of x86-64 and of i386, and its end. */
const STRUCTS = [
  { size: 1040, sectorSize: 1048, length: 1056 },
  { size: 1036, sectorSize: 1044, length: 1048 },
] as const;

export const COW: ContainerFormat = {
  containerType: 'cow',
  magics: [{ offset: 0, bytes: MAGIC }],
  recognise: ({ head }) =>
    head.is(0, MAGIC) && head.has(4, 4) && head.u32be(4) >= 1 && head.u32be(4) <= 3
      ? { offset: 0, detail: `COW magic, version ${head.u32be(4)}` }
      : null,
  open: openingWith('cow', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  if (file.head.u32be(4) !== VERSION) {
    notes.warn('PARENT_NEEDED', 4, 'a User-Mode Linux delta of another version');
    return closed(null, 'needs a backing file');
  }
  const hasBacking = file.head.u8(NAME.offset) !== 0;
  if (hasBacking) {
    notes.warn('BACKING_FILE', NAME.offset, 'name of a backing file');
    notes.warn('PARENT_NEEDED', NAME.offset, 'a delta against that file');
    yield* inspectName(BigInt(NAME.offset), NAME.length, notes);
  }
  const header = cowHeaderOf(file.head);
  if (!keepsRules(header, file.size, COW_RULES, notes)) return closed(null, 'malformed header');
  return yield* mapped(cowMap(header, { kind: hasBacking ? 'elsewhere' : 'zeros' }), file, notes);
}

/** @throws Unreadable malformed where neither layout has a sector size of 512. */
function cowHeaderOf(head: Fields): CowHeader {
  const struct = STRUCTS.find(({ sectorSize }) => head.u32be(sectorSize) === SECTOR);
  if (struct === undefined) throw new Unreadable('malformed', 'no sector size of 512 in either layout of the header');
  return { length: struct.length, virtualSize: head.u64be(struct.size) };
}

function bitmapLength({ virtualSize }: CowHeader): bigint {
  return (virtualSize / BigInt(SECTOR) + 7n) / 8n;
}

/** A bitmap of sectors, least significant bit first. Sector n lies n times 512 bytes behind the bitmap. */
function cowMap(header: CowHeader, unallocated: BlockPlace): BlockMap {
  const dataOffset = Math.ceil((header.length + Number(bitmapLength(header))) / SECTOR) * SECTOR;
  function* locate(first: number, count: number): Reading<readonly BlockPlace[]> {
    const firstByte = Math.floor(first / 8);
    const lastByte = Math.floor((first + count - 1) / 8);
    const bitmap = yield* readEntries(header.length, firstByte, lastByte - firstByte + 1, 1);
    return Array.from({ length: count }, (_, index): BlockPlace => {
      const sector = first + index;
      const byte = Math.floor(sector / 8) - firstByte;
      if (!bitmap.has(byte, 1)) {
        return lostTable(header.length + firstByte + byte, 'bitmap past the end of the file');
      }
      const allocated = ((bitmap.u8(byte) >> (sector % 8)) & 1) === 1;
      return allocated ? { kind: 'stored', offset: dataOffset + sector * SECTOR } : unallocated;
    });
  }
  return { blockSize: SECTOR, virtualSize: Number(header.virtualSize), locate };
}

const COW_RULES: readonly HeaderRule<CowHeader>[] = [
  rule.malformed(
    1036,
    'virtual size not in sectors, or beyond 2^53 bytes',
    ({ virtualSize }) => virtualSize > MOST_VIRTUAL || virtualSize % BigInt(SECTOR) !== 0n,
  ),
  rule.outOfBounds(1036, 'bitmap past the end of the file', (header, size) =>
    pastEnd(BigInt(header.length), bitmapLength(header), size),
  ),
];
