import type { FileHead } from './container.ts';
import { mdVersion090, mdVersion1 } from './contents/md-raid.ts';
import type { Sighting } from './contents/sighting.ts';
import { fieldsOf } from './fields.ts';
import { otherwise, type TypedJudgement } from './judgement.ts';
import { readUpTo, Unreadable, type Reading } from './reading.ts';

const LENGTH = 4096;
const RESERVED_090 = 65_536;

/**
 * A member of a Linux MD RAID whose metadata, of version 0.90 or 1.0, lie at its end (drivers/md/md.c, `super_90_load` and
 * `super_1_load`). Two reads: only for a file whose beginning says nothing. A mirror of a volume begins like that volume and is read as one.
 */
export function* readMdMember({ size }: FileHead): Reading<TypedJudgement | null> {
  if (size === null || size < 2 * RESERVED_090 || size % 512 !== 0) return null;
  const old = Math.floor(size / RESERVED_090) * RESERVED_090 - RESERVED_090;
  const version10 = Math.floor((size - 8192) / LENGTH) * LENGTH;
  const found =
    (yield* at(old, (bytes) => mdVersion090(bytes, old))) ??
    (yield* at(version10, (bytes) => mdVersion1(bytes, 0, version10, '1.0')));
  return found === null ? null : otherwise(null, found.confidence, found.evidence);
}

function* at(
  offset: number,
  recognise: (bytes: ReturnType<typeof fieldsOf>) => Sighting | null,
): Reading<Sighting | null> {
  try {
    return recognise(fieldsOf(yield* readUpTo(offset, LENGTH)));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return null;
  }
}
