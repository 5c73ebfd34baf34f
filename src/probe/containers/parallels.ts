import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import type { Fields } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { malformedEntry, oneLevelPlaces, type OneTable } from './format/block-table.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, rule, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mapped, openingWith, type Inspected } from './format/opening.ts';

/**
 * Header of a Parallels expanding disk, which is also a ploop delta; little-endian (QEMU docs/interop/parallels.txt).
 */
interface ParallelsHeader {
  /** Sectors in a cluster. */
  readonly tracks: number;
  readonly tableEntries: number;
  readonly sectors: bigint;
  readonly inUse: number;
  /** Sector at which the data begins; 0 in old images, whose data follows the table. */
  readonly dataSector: number;
  /** Sector of the format extension, 0 for none. */
  readonly extensionSector: bigint;
  /** Unit of a table entry in sectors: 1 in the old format, a cluster in the extended one. */
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
/** Value of `inUse` after the image was closed; 0 by programs that do not know the field. */
const CLOSED = 0x312e_3276;

/** Other inspectors of image formats do not recognise this format. */
export const PARALLELS: ContainerFormat = {
  containerType: 'ploop',
  magics: [OLD_MAGIC, EXTENDED_MAGIC].map((bytes) => ({ offset: 0, bytes })),
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
  return yield* mapped(parallelsMap(header), file, notes, { tables: dirty ? 'stale' : 'sound' });
}

function parallelsHeaderOf(head: Fields): ParallelsHeader {
  const extended = head.is(0, EXTENDED_MAGIC);
  const tracks = head.u32le(28);
  return {
    tracks,
    tableEntries: head.u32le(32),
    // The old format has only 32 bits of it.
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
  const table: OneTable<BlockPlace> = {
    offset: TABLE_OFFSET,
    width: 4,
    placeOf: (entries, at, entryAt) => {
      const entry = entries.u32le(at);
      if (entry === 0) return { kind: 'zeros' };
      const offset = entry * header.entryUnit * SECTOR;
      return offset < tableEnd(header)
        ? malformedEntry(entryAt, 'cluster over the header or the table')
        : { kind: 'stored', offset };
    },
    whenCut: 'cluster table past the end of the file',
  };
  return {
    blockSize: header.tracks * SECTOR,
    virtualSize: Number(header.sectors) * SECTOR,
    locate: (first, count) => oneLevelPlaces(table, first, count),
  };
}

const PARALLELS_RULES: readonly HeaderRule<ParallelsHeader>[] = [
  rule.malformed(28, 'cluster of no sectors, or beyond 2 GiB', ({ tracks }) => tracks === 0 || tracks > MOST_TRACKS),
  rule.oversized(32, 'cluster table beyond 2 GiB', ({ tableEntries }) => tableEntries > MOST_ENTRIES),
  rule.outOfBounds(32, 'cluster table past the end of the file', (header, size) =>
    pastEnd(0n, BigInt(tableEnd(header)), size),
  ),
  rule.malformed(
    36,
    'virtual disk larger than its cluster table',
    ({ sectors, tableEntries, tracks }) =>
      sectors * BigInt(SECTOR) > MOST_VIRTUAL || sectors > BigInt(tableEntries) * BigInt(tracks),
  ),
  rule.outOfBounds(
    48,
    'cluster table into the data',
    (header) => header.dataSector !== 0 && header.dataSector * SECTOR < tableEnd(header),
  ),
];
