import type { ContainerFormat, Magic } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import { type Fields, isPowerOfTwo } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { oneLevelPlaces, type OneTable } from './format/block-table.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, rule, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mapped, openingWith, type Inspected } from './format/opening.ts';

/** Header of VDI, little-endian (QEMU block/vdi.c, VdiHeader). */
interface VdiHeader {
  readonly version: number;
  readonly imageType: number;
  readonly mapOffset: number;
  readonly dataOffset: number;
  readonly sectorSize: number;
  readonly virtualSize: bigint;
  readonly blockSize: number;
  readonly blockExtra: number;
  readonly blocks: number;
  /** Whether the uuid of a linked or parent image is there. */
  readonly linked: boolean;
}

const MAGIC: Magic = { offset: 64, bytes: '\x7f\x10\xda\xbe' };
const HEADER_LENGTH = 512;
const VERSION = 0x0001_0001;
const MOST_BLOCKS = 0x3fff_ffff;
const DYNAMIC = 1;
const UNDO = 3;
const DIFFERENCING = 4;
/** Entries from here on name no block: discarded, or never allocated. */
const NO_BLOCK = 0xffff_fffe;

/** The text at 0 differs between programs; the number at 64 does not. */
export const VDI: ContainerFormat = {
  containerType: 'vdi',
  magics: [MAGIC],
  recognise: ({ head }) => (head.is(MAGIC.offset, MAGIC.bytes) ? { offset: MAGIC.offset, detail: 'VDI magic' } : null),
  open: openingWith('vdi', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = vdiHeaderOf(file.head);
  const parentNeeded = header.linked || header.imageType === UNDO || header.imageType === DIFFERENCING;
  if (parentNeeded) notes.warn('PARENT_NEEDED', 76, 'undo or differencing image, or the uuid of another image');
  if (!keepsRules(header, file.size, VDI_RULES, notes)) return closed(null, 'malformed header');
  const virtualSize = Number(header.virtualSize);
  if (parentNeeded) return closed(virtualSize, 'needs a parent file');
  if (header.blockExtra !== 0) {
    notes.warn('UNKNOWN_FEATURE_BITS', 380, 'blocks with extra bytes');
    return closed(virtualSize, 'blocks with extra bytes');
  }
  return yield* mapped(vdiMap(header), file, notes);
}

function vdiHeaderOf(head: Fields): VdiHeader {
  return {
    version: head.u32le(68),
    imageType: head.u32le(76),
    mapOffset: head.u32le(340),
    dataOffset: head.u32le(344),
    sectorSize: head.u32le(360),
    virtualSize: head.u64le(368),
    blockSize: head.u32le(376),
    blockExtra: head.u32le(380),
    blocks: head.u32le(384),
    // uuid_link at 424, uuid_parent at 440.
    linked: head.slice(424, 456).some((byte) => byte !== 0),
  };
}

/** One table of block numbers, counted from the data area. */
function vdiMap({ blockSize, dataOffset, mapOffset, virtualSize }: VdiHeader): BlockMap {
  const table: OneTable<BlockPlace> = {
    offset: mapOffset,
    width: 4,
    placeOf: (entries, offset) => {
      const entry = entries.u32le(offset);
      return entry >= NO_BLOCK ? { kind: 'zeros' } : { kind: 'stored', offset: dataOffset + entry * blockSize };
    },
    whenCut: 'block map past the end of the file',
  };
  return {
    blockSize,
    virtualSize: Number(virtualSize),
    locate: (first, count) => oneLevelPlaces(table, first, count),
  };
}

const VDI_RULES: readonly HeaderRule<VdiHeader>[] = [
  rule.malformed(68, 'VDI version other than 1.1', ({ version }) => version !== VERSION),
  rule.malformed(
    76,
    'image type that is not defined',
    ({ imageType }) => imageType < DYNAMIC || imageType > DIFFERENCING,
  ),
  rule.malformed(
    340,
    'block map or data not at a sector boundary',
    ({ mapOffset, dataOffset }) => mapOffset % 512 !== 0 || dataOffset % 512 !== 0,
  ),
  rule.outOfBounds(
    340,
    'block map over the header, into the data or past the end of the file',
    ({ mapOffset, dataOffset, blocks }, size) =>
      mapOffset < HEADER_LENGTH ||
      mapOffset + blocks * 4 > dataOffset ||
      pastEnd(BigInt(mapOffset), BigInt(blocks * 4), size),
  ),
  rule.malformed(360, 'sector size other than 512', ({ sectorSize }) => sectorSize !== 512),
  rule.malformed(
    376,
    'block size not a power of two of sectors',
    ({ blockSize }) => !isPowerOfTwo(blockSize) || blockSize < 512,
  ),
  rule.oversized(384, 'more blocks than the format allows', ({ blocks }) => blocks > MOST_BLOCKS),
  rule.malformed(
    368,
    'virtual disk larger than its block map',
    ({ virtualSize, blocks, blockSize }) =>
      virtualSize > BigInt(blocks) * BigInt(blockSize) || virtualSize > MOST_VIRTUAL,
  ),
];
