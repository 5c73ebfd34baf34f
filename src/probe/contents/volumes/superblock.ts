import type { Fields } from '../../reading/fields.ts';
import { bigEndian, littleEndian, sighting, type OrderedFields, type Recogniser } from '../sighting/sighting.ts';

/** What a check of a superblock found. */
export interface Found {
  /** `weak`: its checksum is wrong. */
  readonly confidence: 'certain' | 'likely' | 'weak';
  /** Size of the volume in bytes. */
  readonly claims?: bigint;
}

/** A filesystem that is recognised by a magic at a fixed place and by valid fields around it. */
export interface Superblock {
  readonly name: string;
  /** Guest offsets of the magic. */
  readonly magicAt: readonly number[];
  readonly magic: string | readonly number[];
  /** Checks the fields around the magic at `at`; null where they contradict it. */
  readonly check: (bytes: Fields, at: number) => Found | null;
}

export function superblock(
  name: string,
  magicAt: readonly number[],
  magic: Superblock['magic'],
  check: Superblock['check'],
): Superblock {
  return { name, magicAt, magic, check };
}

/**
 * A filesystem in the byte order of the machine that wrote it.
 *
 * @param magic as a little-endian machine writes it.
 */
export function inBothOrders(
  name: string,
  magicAt: readonly number[],
  magic: string,
  check: (fields: OrderedFields, at: number, bytes: Fields) => Found | null,
): readonly Superblock[] {
  return [
    { name, magicAt, magic, check: (bytes, at) => check(littleEndian(bytes), at, bytes) },
    {
      name,
      magicAt,
      magic: magic.split('').reverse().join(''),
      check: (bytes, at) => check(bigEndian(bytes), at, bytes),
    },
  ];
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
