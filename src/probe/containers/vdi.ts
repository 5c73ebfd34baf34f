import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import { type Fields, isPowerOfTwo } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { readEntries } from './format/block-table.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mappedGuest, openingWith, type Inspected } from './format/opening.ts';

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

const HEADER_LENGTH = 512;
const VERSION = 0x0001_0001;
const MOST_BLOCKS = 0x3fff_ffff;
const DYNAMIC = 1;
const UNDO = 3;
const DIFFERENCING = 4;
/** From here on an entry stands for no block: discarded, and never allocated. */
const NO_BLOCK = 0xffff_fffe;

/** The text at 0 differs from one program to the next; the number at 64 does not. */
export const VDI: ContainerFormat = {
  containerType: 'vdi',
  recognise: ({ head }) => (head.is(64, [0x7f, 0x10, 0xda, 0xbe]) ? { offset: 64, detail: 'VDI magic' } : null),
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
  return { virtualSize, sectorSize: 512, guest: yield* mappedGuest(vdiMap(header), file, notes, 'sound') };
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
function vdiMap(header: VdiHeader): BlockMap {
  const { blockSize, dataOffset, mapOffset } = header;
  function* locate(first: number, count: number): Reading<readonly BlockPlace[]> {
    const entries = yield* readEntries(mapOffset, first, count, 4);
    return Array.from({ length: count }, (_, index): BlockPlace => {
      const at = mapOffset + (first + index) * 4;
      if (!entries.has(index * 4, 4)) {
        return { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why: 'block map past the end of the file' };
      }
      const entry = entries.u32le(index * 4);
      return entry >= NO_BLOCK ? { kind: 'zeros' } : { kind: 'stored', offset: dataOffset + entry * blockSize };
    });
  }
  return { blockSize, virtualSize: Number(header.virtualSize), locate };
}

const VDI_RULES: readonly HeaderRule<VdiHeader>[] = [
  { at: 68, code: 'MALFORMED_HEADER', broken: ({ version }) => version !== VERSION, why: 'VDI version other than 1.1' },
  {
    at: 76,
    code: 'MALFORMED_HEADER',
    broken: ({ imageType }) => imageType < DYNAMIC || imageType > DIFFERENCING,
    why: 'image type that is not defined',
  },
  {
    at: 340,
    code: 'MALFORMED_HEADER',
    broken: ({ mapOffset, dataOffset }) => mapOffset % 512 !== 0 || dataOffset % 512 !== 0,
    why: 'block map or data not at a sector boundary',
  },
  {
    at: 340,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: ({ mapOffset, dataOffset, blocks }, size) =>
      mapOffset < HEADER_LENGTH ||
      mapOffset + blocks * 4 > dataOffset ||
      pastEnd(BigInt(mapOffset), BigInt(blocks * 4), size),
    why: 'block map over the header, into the data or past the end of the file',
  },
  {
    at: 360,
    code: 'MALFORMED_HEADER',
    broken: ({ sectorSize }) => sectorSize !== 512,
    why: 'sector size other than 512',
  },
  {
    at: 376,
    code: 'MALFORMED_HEADER',
    broken: ({ blockSize }) => !isPowerOfTwo(blockSize) || blockSize < 512,
    why: 'block size not a power of two of sectors',
  },
  {
    at: 384,
    code: 'OVERSIZED_TABLE',
    broken: ({ blocks }) => blocks > MOST_BLOCKS,
    why: 'more blocks than the format allows',
  },
  {
    at: 368,
    code: 'MALFORMED_HEADER',
    broken: ({ virtualSize, blocks, blockSize }) =>
      virtualSize > BigInt(blocks) * BigInt(blockSize) || virtualSize > MOST_VIRTUAL,
    why: 'virtual disk larger than its block map',
  },
];
