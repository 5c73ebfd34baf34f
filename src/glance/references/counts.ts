import type { ReferencedBy } from '../../model/image.ts';
import { grown, IdTable } from './id-table.ts';

/** The property in which an image is named. */
export type ReferenceRole = 'kernel' | 'ramdisk';

/**
 * Counts which images are named as kernel or ramdisk and how often, with the first image that names each; about 60
 * bytes a named image besides its id. Named images are identified by their numbers in a table of ids.
 */
export interface ReferenceCounts {
  /** The number of named images. */
  readonly size: number;
  add(target: number, role: ReferenceRole, referrer: string): void;
  /** null where no image names it. O(1). */
  of(target: number): ReferencedBy | null;
  /** 0 where no image names it, 1 as kernel, 2 as ramdisk, 3 as both. */
  rolesOf(target: number): number;
  /** Numbers of named images, in the order met. */
  targets(): Iterable<number>;
}

const ROLES = 2;
const FIRST_CAPACITY = 256;

export function createReferenceCounts(): ReferenceCounts {
  /** The place of an image in the arrays below, plus one; 0 where it is not named. */
  let placeOf = new Uint32Array(FIRST_CAPACITY);
  let imageAt = new Uint32Array(FIRST_CAPACITY);
  /** For each place and role: how often it is named, and by which image first (plus one; 0 for none). */
  let counts = new Uint32Array(FIRST_CAPACITY * ROLES);
  let first = new Uint32Array(FIRST_CAPACITY * ROLES);
  let size = 0;
  /** Their ids are shown, spelled as in the database. */
  const referrers = new IdTable('exact');

  const sample = (cell: number): string | null => {
    const referrer = first[cell] ?? 0;
    return referrer === 0 ? null : referrers.idAt(referrer - 1);
  };
  const newPlace = (target: number): number => {
    if (target >= placeOf.length) placeOf = grown(placeOf, target);
    if (size === imageAt.length) {
      imageAt = grown(imageAt);
      counts = grown(counts);
      first = grown(first);
    }
    imageAt[size] = target;
    size += 1;
    placeOf[target] = size;
    return size;
  };

  return {
    get size() {
      return size;
    },
    add(target, role, referrer) {
      const known = placeOf[target] ?? 0;
      const place = (known === 0 ? newPlace(target) : known) - 1;
      const cell = place * ROLES + (role === 'kernel' ? 0 : 1);
      counts[cell] = (counts[cell] ?? 0) + 1;
      if (first[cell] === 0) first[cell] = referrers.add(referrer) + 1;
    },
    of(target) {
      const place = target < 0 ? 0 : (placeOf[target] ?? 0);
      if (place === 0) return null;
      const [kernel, ramdisk] = [(place - 1) * ROLES, (place - 1) * ROLES + 1];
      return {
        asKernel: counts[kernel] ?? 0,
        asRamdisk: counts[ramdisk] ?? 0,
        sampleKernelOf: sample(kernel),
        sampleRamdiskOf: sample(ramdisk),
      };
    },
    rolesOf(target) {
      const place = target < 0 ? 0 : (placeOf[target] ?? 0);
      if (place === 0) return 0;
      return (counts[(place - 1) * ROLES] === 0 ? 0 : 1) + (counts[(place - 1) * ROLES + 1] === 0 ? 0 : 2);
    },
    targets: () => imageAt.subarray(0, size),
  };
}
