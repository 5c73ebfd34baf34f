import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { pastEnd, rule, type HeaderRule } from '../format/header-rules.ts';

export const SECTOR = 512;

/** Magic of a hosted sparse extent, and of its footer. */
export const SPARSE_MAGIC = 'KDMV';

export const FLAG = {
  newlineTest: 0x1,
  redundantDirectory: 0x2,
  zeroedGrains: 0x4,
  compressed: 0x10000,
  markers: 0x20000,
};

/** Value of `gdOffset` in a header whose directory is named by a footer. */
export const DIRECTORY_AT_END = 0xffff_ffff_ffff_ffffn;

const DEFLATE = 1;

/** Header of a hosted sparse extent. Offsets, sizes and the capacity count sectors of 512 bytes. */
export interface SparseHeader {
  readonly version: number;
  readonly flags: number;
  readonly capacity: bigint;
  readonly grainSize: bigint;
  readonly descriptorOffset: bigint;
  readonly descriptorSize: bigint;
  readonly entriesPerTable: number;
  readonly redundantDirectory: bigint;
  readonly directory: bigint;
  /** Sectors of metadata before the first grain. */
  readonly overhead: bigint;
  readonly unclean: boolean;
  readonly newlines: string;
  readonly algorithm: number;
}

/**
 * Reads a little-endian, packed header (VMware, "Virtual Disk Format 5.0", "Hosted Sparse Extent Header").
 *
 * @throws Unreadable truncated.
 */
export function sparseHeaderOf(fields: Fields): SparseHeader {
  return {
    version: fields.u32le(4),
    flags: fields.u32le(8),
    capacity: fields.u64le(12),
    grainSize: fields.u64le(20),
    descriptorOffset: fields.u64le(28),
    descriptorSize: fields.u64le(36),
    entriesPerTable: fields.u32le(44),
    redundantDirectory: fields.u64le(48),
    directory: fields.u64le(56),
    overhead: fields.u64le(64),
    unclean: fields.u8(72) !== 0,
    newlines: fields.text(73, 77),
    algorithm: fields.u16le(77),
  };
}

export function isCompressed({ algorithm }: SparseHeader): boolean {
  return algorithm === DEFLATE;
}

export function hasFlag({ flags }: SparseHeader, flag: number): boolean {
  return (flags & flag) !== 0;
}

/** Number of grain tables, which is the number of directory entries. Only for a header that keeps `GRAIN_RULES`. */
function tablesOf(header: SparseHeader): bigint {
  const covered = header.grainSize * BigInt(header.entriesPerTable);
  return (header.capacity + covered - 1n) / covered;
}

/** QEMU's bound for the directory, in entries: enough for 64 TiB of the smallest grains. */
const MOST_TABLES = 32n * 1024n * 1024n;
const LARGEST_GRAIN = 0x200000;
const MOST_ENTRIES = 512;

/** Sectors in 2^53 - 1 bytes. */
const FARTHEST = BigInt(Number.MAX_SAFE_INTEGER) / 512n;

type Rule = HeaderRule<SparseHeader>;

/** Rules that must hold before anything is computed from the header. */
export const GRAIN_RULES: readonly Rule[] = [
  rule.malformed(4, 'a version other than 1, 2 and 3', ({ version }) => version < 1 || version > 3),
  rule.malformed(12, 'a capacity of zero', ({ capacity }) => capacity === 0n),
  rule.malformed(12, 'a capacity beyond any disk', ({ capacity }) => capacity > FARTHEST),
  rule.malformed(
    20,
    'a grain that is no power of two from 16 to 0x200000 sectors',
    ({ grainSize }) => grainSize <= 8n || grainSize > LARGEST_GRAIN || !isPowerOfTwo(Number(grainSize)),
  ),
  rule.malformed(
    44,
    'grain tables of none or more than 512 entries',
    ({ entriesPerTable }) => entriesPerTable === 0 || entriesPerTable > MOST_ENTRIES,
  ),
  rule.malformed(
    73,
    'line ends were converted: a transfer in text mode damaged the file',
    (header) => hasFlag(header, FLAG.newlineTest) && header.newlines !== '\n \r\n',
  ),
  rule.malformed(77, 'a compression that the format does not know', ({ algorithm }) => algorithm > DEFLATE),
  rule.malformed(
    77,
    'the flag and the algorithm of compression contradict each other',
    (header) => hasFlag(header, FLAG.compressed) !== isCompressed(header),
  ),
];

export const TABLE_RULES: readonly Rule[] = [
  rule.oversized(12, 'a grain directory of absurd size', (header) => tablesOf(header) > MOST_TABLES),
  rule.malformed(64, 'a first grain beyond any file', ({ overhead }) => overhead > FARTHEST),
  rule.truncated(64, 'the file ends before its first grain', ({ overhead }, size) =>
    pastEnd(0n, overhead * 512n, size),
  ),
];

/** Whether a grain directory can lie at a sector: behind the header, and entirely in the file. */
export function directoryFits(directory: bigint, header: SparseHeader, size: number | null): boolean {
  const end = directory * 512n + tablesOf(header) * 4n;
  return directory > 0n && end <= BigInt(size ?? Number.MAX_SAFE_INTEGER);
}
