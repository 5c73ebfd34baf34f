import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import type { Fields } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { malformedEntry, readEntries } from './format/block-table.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mappedGuest, openingWith, type Inspected } from './format/opening.ts';

/** Header of a Parallels expanding disk, which is also a ploop delta; little-endian (QEMU docs/interop/parallels.txt). */
interface ParallelsHeader {
  /** Sectors in a cluster. */
  readonly tracks: number;
  readonly tableEntries: number;
  readonly sectors: bigint;
  readonly inUse: number;
  /** Sector at which the data begins; 0 in old images: after the table. */
  readonly dataSector: number;
  /** Sector of the format extension, 0 for none. */
  readonly extensionSector: bigint;
  /** Sectors that a table entry counts in: 1 in the old format, a cluster in the extended one. */
  readonly entryUnit: number;
}

const OLD_MAGIC = 'WithoutFreeSpace';
const EXTENDED_MAGIC = 'WithouFreSpacExt';
const VERSION = [2, 0, 0, 0];
const TABLE_OFFSET = 64;
const SECTOR = 512;
/** QEMU's limits (block/parallels.c). */
const MOST_TRACKS = Math.floor((2 ** 31 - 1) / 513);
const MOST_ENTRIES = Math.floor((2 ** 31 - 1) / 4);
/** Written while the image is open, and when it was closed; 0 by programs that know neither. */
const CLOSED = 0x312e_3276;

/** The other programs of the field do not recognise this format at all. */
export const PARALLELS: ContainerFormat = {
  containerType: 'ploop',
  recognise: ({ head }) =>
    (head.is(0, OLD_MAGIC) || head.is(0, EXTENDED_MAGIC)) && head.is(16, VERSION)
      ? { offset: 0, detail: 'Parallels magic, version 2' }
      : null,
  open: openingWith('ploop', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = parallelsHeaderOf(file.head);
  const dirty = header.inUse !== CLOSED && header.inUse !== 0;
  if (dirty) notes.warn('DIRTY', 44, 'marked as open');
  if (header.extensionSector !== 0n) notes.saw(56, 'a format extension, not looked at');
  if (!keepsRules(header, file.size, PARALLELS_RULES, notes)) return closed(null, 'malformed header');
  const map = parallelsMap(header);
  const guest = yield* mappedGuest(map, file, notes, dirty ? 'stale' : 'sound');
  return { virtualSize: map.virtualSize, sectorSize: SECTOR, guest };
}

function parallelsHeaderOf(head: Fields): ParallelsHeader {
  const extended = head.is(0, EXTENDED_MAGIC);
  const tracks = head.u32le(28);
  return {
    tracks,
    tableEntries: head.u32le(32),
    // The old format has 32 bits of it only.
    sectors: extended ? head.u64le(36) : BigInt(head.u32le(36)),
    inUse: head.u32le(44),
    dataSector: head.u32le(48),
    extensionSector: head.u64le(56),
    entryUnit: extended ? tracks : 1,
  };
}

function tableEnd({ tableEntries }: ParallelsHeader): number {
  return TABLE_OFFSET + tableEntries * 4;
}

/** One table of cluster places, 0 for none. */
function parallelsMap(header: ParallelsHeader): BlockMap {
  const blockSize = header.tracks * SECTOR;
  function* locate(first: number, count: number): Reading<readonly BlockPlace[]> {
    const entries = yield* readEntries(TABLE_OFFSET, first, count, 4);
    return Array.from({ length: count }, (_, index): BlockPlace => {
      const at = TABLE_OFFSET + (first + index) * 4;
      if (!entries.has(index * 4, 4)) {
        return { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why: 'cluster table past the end of the file' };
      }
      const entry = entries.u32le(index * 4);
      if (entry === 0) return { kind: 'zeros' };
      const offset = entry * header.entryUnit * SECTOR;
      return offset < tableEnd(header)
        ? malformedEntry(at, 'cluster over the header or the table')
        : { kind: 'stored', offset };
    });
  }
  return { blockSize, virtualSize: Number(header.sectors) * SECTOR, locate };
}

const PARALLELS_RULES: readonly HeaderRule<ParallelsHeader>[] = [
  {
    at: 28,
    code: 'MALFORMED_HEADER',
    broken: ({ tracks }) => tracks === 0 || tracks > MOST_TRACKS,
    why: 'cluster of no sectors, or beyond 2 GiB',
  },
  {
    at: 32,
    code: 'OVERSIZED_TABLE',
    broken: ({ tableEntries }) => tableEntries > MOST_ENTRIES,
    why: 'cluster table beyond 2 GiB',
  },
  {
    at: 32,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: (header, size) => pastEnd(0n, BigInt(tableEnd(header)), size),
    why: 'cluster table past the end of the file',
  },
  {
    at: 36,
    code: 'MALFORMED_HEADER',
    broken: ({ sectors, tableEntries, tracks }) =>
      sectors * BigInt(SECTOR) > MOST_VIRTUAL || sectors > BigInt(tableEntries) * BigInt(tracks),
    why: 'virtual disk larger than its cluster table',
  },
  {
    at: 48,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: (header) => header.dataSector !== 0 && header.dataSector * SECTOR < tableEnd(header),
    why: 'cluster table into the data',
  },
];
