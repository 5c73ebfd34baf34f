import type { FileHead } from '../../reading/file-head.ts';
import { fieldsOf } from '../../reading/fields.ts';
import { attempted, readUpTo, type Reading } from '../../reading/reading.ts';
import { keepsRules } from '../format/header-rules.ts';
import type { Observations } from '../format/observations.ts';
import {
  DIRECTORY_AT_END,
  GRAIN_RULES,
  SECTOR,
  SPARSE_MAGIC,
  sparseHeaderOf,
  type SparseHeader,
} from './sparse-header.ts';

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
export function* readFooter(
  header: SparseHeader,
  { size }: FileHead,
  notes: Observations,
): Reading<SparseHeader | null> {
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
  return (
    header.version === footer.version &&
    header.flags === footer.flags &&
    header.capacity === footer.capacity &&
    header.grainSize === footer.grainSize &&
    header.descriptorOffset === footer.descriptorOffset &&
    header.descriptorSize === footer.descriptorSize &&
    header.entriesPerTable === footer.entriesPerTable &&
    header.algorithm === footer.algorithm
  );
}
