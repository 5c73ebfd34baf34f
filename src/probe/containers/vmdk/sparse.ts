import type { FileHead } from '../../reading/file-head.ts';
import type { Reading } from '../../reading/reading.ts';
import type { BlockMap } from '../format/block-map.ts';
import { keepsRules } from '../format/header-rules.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mapped, type Inspected } from '../format/opening.ts';
import { inspectEmbedded } from './embedded-descriptor.ts';
import { readFooter } from './stream-footer.ts';
import { grainMap } from './grain-map.ts';
import {
  DIRECTORY_AT_END,
  directoryFits,
  FLAG,
  GRAIN_RULES,
  hasFlag,
  isCompressed,
  SECTOR,
  sparseHeaderOf,
  TABLE_RULES,
  type SparseHeader,
} from './sparse-header.ts';
import { streamMap } from './stream-map.ts';

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
