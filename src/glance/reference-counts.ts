import type { ReferencedBy } from '../model/image.ts';
import { IdTable } from './id-table.ts';

/** In which property an image was named. */
export type ReferenceRole = 'kernel' | 'ramdisk';

/** Which images are named as kernel or ramdisk, how often, and the first image that names each; about 70 bytes a named image. */
export interface ReferenceCounts {
  /** Named images. */
  readonly size: number;
  add(target: string, role: ReferenceRole, referrer: string): void;
  /** null where nothing names it. O(1). */
  of(target: string): ReferencedBy | null;
  /** In the order met. */
  targets(): Iterable<string>;
}

const ROLES = 2;
const FIRST_CAPACITY = 256;

export function createReferenceCounts(): ReferenceCounts {
  const targets = new IdTable();
  const referrers = new IdTable();
  /** For each target and role, how often and (plus one, 0 for nobody) by whom first. */
  let counts = new Uint32Array(FIRST_CAPACITY * ROLES);
  let first = new Uint32Array(FIRST_CAPACITY * ROLES);

  const sample = (cell: number): string | null => {
    const referrer = first[cell] ?? 0;
    return referrer === 0 ? null : referrers.idAt(referrer - 1);
  };

  return {
    get size() {
      return targets.size;
    },
    add(target, role, referrer) {
      const entry = targets.add(target);
      if (entry * ROLES >= counts.length) {
        counts = doubled(counts);
        first = doubled(first);
      }
      const cell = entry * ROLES + (role === 'kernel' ? 0 : 1);
      counts[cell] = (counts[cell] ?? 0) + 1;
      if (first[cell] === 0) first[cell] = referrers.add(referrer) + 1;
    },
    of(target) {
      const entry = targets.indexOf(target);
      if (entry < 0) return null;
      const [kernel, ramdisk] = [entry * ROLES, entry * ROLES + 1];
      return {
        asKernel: counts[kernel] ?? 0,
        asRamdisk: counts[ramdisk] ?? 0,
        sampleKernelOf: sample(kernel),
        sampleRamdiskOf: sample(ramdisk),
      };
    },
    *targets() {
      for (let entry = 0; entry < targets.size; entry += 1) yield targets.idAt(entry);
    },
  };
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
