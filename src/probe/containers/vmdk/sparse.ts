import { type FileHead, fieldsOf } from '../../reading/fields.ts';
import { attempted, readUpTo, type Reading } from '../../reading/reading.ts';
import { keepsRules } from '../format/header-rules.ts';
import { type Observations, closed, mapped, type Inspected } from '../format/opening.ts';
import {
  DIRECTORY_AT_END,
  GRAIN_RULES,
  SECTOR,
  SPARSE_MAGIC,
  sparseHeaderOf,
  type SparseHeader,
  directoryFits,
  FLAG,
  hasFlag,
  isCompressed,
  TABLE_RULES,
} from './sparse-header.ts';
import type { BlockMap } from '../format/block-table.ts';
import { inspectEmbedded } from './descriptor.ts';
import { grainMap, streamMap } from './grain-map.ts';

/** A footer marker, the footer and an end-of-stream marker, one sector each, end a stream-optimized extent. */
const TRAILER_LENGTH = 3 * SECTOR;
const FOOTER_MARKER = 3;
/** A marker with no value, size or type. */
const END_OF_STREAM = '\0'.repeat(16);

/**
 * Reads the footer that replaces a header whose directory is at the end; null where there is none within reach, with
 * the reason noted if the file is to blame. Source: VMware, "Virtual Disk Format 5.0", "Stream-Optimized Compressed
 * Sparse Extents"; QEMU block/vmdk.c, vmdk_open_vmdk4.
 */
function* readFooter(header: SparseHeader, { size }: FileHead, notes: Observations): Reading<SparseHeader | null> {
  if (size === null) return null;
  const start = size - TRAILER_LENGTH;
  const bytes = start < 0 ? new Uint8Array(0) : yield* attempted(readUpTo(start, TRAILER_LENGTH));
  if (bytes === null) return null;
  const trailer = fieldsOf(bytes);
  const whole =
    trailer.has(0, TRAILER_LENGTH) &&
    trailer.u32le(8) === 0 &&
    trailer.u32le(12) === FOOTER_MARKER &&
    trailer.is(SECTOR, SPARSE_MAGIC) &&
    trailer.is(2 * SECTOR, END_OF_STREAM);
  if (!whole) {
    notes.warn('TRUNCATED', Math.max(0, start), 'no footer at the end of a stream-optimized extent');
    return null;
  }
  const footer = sparseHeaderOf(fieldsOf(trailer.slice(SECTOR, 2 * SECTOR)));
  notes.saw(start + SECTOR, 'KDMV: footer');
  if (!sameDisk(header, footer)) notes.warn('HEADERS_DISAGREE', start + SECTOR, 'the footer contradicts the header');
  if (!keepsRules(footer, size, GRAIN_RULES, notes)) return null;
  if (footer.directory === DIRECTORY_AT_END) {
    notes.warn('MALFORMED_HEADER', start + SECTOR, 'a footer that refers to a footer');
    return null;
  }
  return footer;
}

/** Whether two headers describe one disk; the places of directories and the overhead may differ. */
function sameDisk(header: SparseHeader, footer: SparseHeader): boolean {
  const keys = ['version', 'flags', 'capacity', 'grainSize', 'entriesPerTable', 'algorithm'] as const;
  return keys.every((key) => header[key] === footer[key]) && sameDescriptor(header, footer);
}

/** A hosted sparse extent: monolithicSparse, streamOptimized, or a part of a split disk. */
export function* inspectSparse(file: FileHead, notes: Observations): Reading<Inspected> {
  const first = sparseHeaderOf(file.head);
  const descriptor = yield* inspectEmbedded(first, file, notes);
  if (first.capacity === 0n && first.descriptorOffset !== 0n) {
    notes.warn('SMUGGLED_DESCRIPTOR', 12, 'a capacity of zero: programs follow the descriptor instead');
    return closed(null, 'its data lies in other files');
  }
  if (!keepsRules(first, file.size, GRAIN_RULES, notes)) return closed(null, 'malformed header');
  const footer = first.directory === DIRECTORY_AT_END ? yield* readFooter(first, file, notes) : null;
  const header = footer ?? first;
  if (footer !== null && !sameDescriptor(first, footer)) yield* inspectEmbedded(footer, file, notes);
  const virtualSize = Number(header.capacity) * SECTOR;
  if (!keepsRules(header, file.size, TABLE_RULES, notes)) return closed(virtualSize, 'malformed header');
  if (header.unclean) notes.warn('DIRTY', 72, 'unclean shutdown: the extent was not closed');
  const map = chooseMap(header, descriptor.hasParent, file, notes);
  if (map === null) return closed(virtualSize, 'malformed header');
  return yield* mapped(map, file, notes, { tables: header.unclean ? 'stale' : 'sound', rest: 'a parent file' });
}

/** The map of the grains; null, with the reason noted, where there is none. */
function chooseMap(header: SparseHeader, hasParent: boolean, { size }: FileHead, notes: Observations): BlockMap | null {
  const unallocated = { kind: hasParent ? 'elsewhere' : 'zeros' } as const;
  if (header.directory === DIRECTORY_AT_END) {
    if (!isCompressed(header) || !hasFlag(header, FLAG.markers)) {
      notes.warn('MALFORMED_HEADER', 56, 'a directory at the end of an extent without markers');
      return null;
    }
    notes.saw(Number(header.overhead) * SECTOR, 'no directory within reach: grain markers are read forward');
    return streamMap(header, unallocated);
  }
  if (directoryFits(header.directory, header, size)) {
    return grainMap(header, Number(header.directory) * SECTOR, size, unallocated);
  }
  notes.warn('TABLE_OUT_OF_BOUNDS', 56, 'the grain directory does not lie in the file behind the header');
  if (!hasFlag(header, FLAG.redundantDirectory) || !directoryFits(header.redundantDirectory, header, size)) return null;
  notes.saw(48, 'the redundant grain directory is used');
  return grainMap(header, Number(header.redundantDirectory) * SECTOR, size, unallocated);
}

function sameDescriptor(first: SparseHeader, footer: SparseHeader): boolean {
  return first.descriptorOffset === footer.descriptorOffset && first.descriptorSize === footer.descriptorSize;
}
