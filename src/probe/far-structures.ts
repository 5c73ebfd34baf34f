import type { FileHead } from './reading/file-head.ts';
import { mdVersion090, mdVersion1 } from './contents/volumes/md-raid.ts';
import { RAID_TAIL_LENGTH, raidMember } from './contents/volumes/raid-members.ts';
import type { Sighting } from './contents/sighting/sighting.ts';
import { VMFS_PLACES } from './contents/volumes/vmfs.ts';
import { type Fields, fieldsOf } from './reading/fields.ts';
import { ofTypeOther, type TypedJudgement } from './judgement/judgement.ts';
import { attempted, readUpTo, type Reading } from './reading/reading.ts';

const SECTOR = 512;
const MD_LENGTH = 4096;
const RESERVED_090 = 65_536;

/**
 * Judges a file by structures far from its beginning: the metadata of a RAID member at its end, or a VMFS volume. Only
 * for a file whose beginning shows nothing: a mirror of a volume begins like that volume and is read as one. Costs one
 * read of 64 to 128 KiB at the end, and two more for VMFS where the beginning is all zeros.
 */
export function* readFarStructure({ size }: FileHead, beginning: 'blank' | 'unknown'): Reading<TypedJudgement | null> {
  if (size === null || size < RESERVED_090) return null;
  const found = (yield* readMember(size)) ?? (beginning === 'blank' ? yield* readVmfs(size) : null);
  if (found === null) return null;
  const judgement = ofTypeOther(null, found.confidence, found.evidence);
  return found.meaning === 'filesystem' ? { ...judgement, imageType: 'filesystem' } : judgement;
}

/**
 * MD 0.90 lies 64 to 128 KiB before the end, MD 1.0 8 to 12 KiB (Linux drivers/md/md.c, `super_90_load`,
 * `super_1_load`).
 */
function* readMember(size: number): Reading<Sighting | null> {
  const start = Math.max(0, Math.floor(size / RESERVED_090) * RESERVED_090 - RESERVED_090);
  const version10 = Math.floor((size - 8192) / MD_LENGTH) * MD_LENGTH;
  const tail = size - (size % SECTOR) - RAID_TAIL_LENGTH;
  return yield* at(
    start,
    size - start,
    (bytes) =>
      mdVersion090(bytes, start) ??
      mdVersion1(bytes, version10 - start, version10, '1.0') ??
      raidMember(fieldsOf(bytes.slice(tail - start, size - start)), tail),
  );
}

function* readVmfs(size: number): Reading<Sighting | null> {
  for (const { offset, length, recognise } of VMFS_PLACES) {
    const found = size < offset + length ? null : yield* at(offset, length, recognise);
    if (found !== null) return found;
  }
  return null;
}

function* at(offset: number, length: number, recognise: (bytes: Fields) => Sighting | null): Reading<Sighting | null> {
  return yield* attempted(recognised());

  function* recognised(): Reading<Sighting | null> {
    return recognise(fieldsOf(yield* readUpTo(offset, length)));
  }
}
