import type { Fields } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** What stands at the place of a superblock that has the magic. */
export interface Found {
  /** `weak`: it has a checksum, and that does not hold. */
  readonly confidence: 'certain' | 'likely' | 'weak';
  /** Bytes of the volume. */
  readonly claims?: bigint;
}

/** A filesystem that is known by a magic at a fixed place and by fields around it that must be in order. */
export interface Superblock {
  readonly name: string;
  /** Guest offsets at which the magic may stand. */
  readonly magicAt: readonly number[];
  readonly magic: string | readonly number[];
  /** `at` is the offset of the magic. Null where the rest contradicts it. */
  readonly check: (bytes: Fields, at: number) => Found | null;
}

export function recogniserOf({ name, magicAt, magic, check }: Superblock): Recogniser {
  return ({ bytes }) => {
    for (const at of magicAt) {
      const found = bytes.is(at, magic) ? check(bytes, at) : null;
      if (found === null) continue;
      return sighting(name, 'filesystem', found.confidence, at, {
        detail: found.confidence === 'weak' ? 'superblock, its checksum does not hold' : 'superblock',
        claims: found.claims ?? null,
      });
    }
    return null;
  };
}
