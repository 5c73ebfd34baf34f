import type { ImageEvidence } from '../model/image.ts';
import { type NameHint, nameHint } from './name-hint.ts';
import { sizeClass } from './observation.ts';

/** Different words of one column that get a number; a deployment has a dozen. Three columns still fit a 31-bit integer. */
const WORDS = 256;
const SIZES = { empty: 0, small: 1, medium: 2, large: 3 } as const;
const NAMES: Readonly<Record<NameHint, number>> = { kernel: 1, ramdisk: 2, filesystem: 3, iso9660: 4 };

/**
 * Numbers images that no other image says anything about and whose bytes were not asked, their properties left aside. Two of them with the same number and
 * the same properties have the same observation. Measured with a million rows, small integers are looked up several times
 * faster than the text of an observation is built and hashed.
 *
 * @returns a function that answers null for any other image, and where a column holds too many different words.
 */
export function createPlainCoder(): (evidence: ImageEvidence) => number | null {
  const statuses: Words = new Map();
  const disks: Words = new Map();
  const containers: Words = new Map();
  return ({ image, lostProperties, kernel, ramdisk, referencedBy, content }) => {
    if (lostProperties.size > 0 || referencedBy !== null || content !== undefined) return null;
    if (kernel.kind !== 'absent' || ramdisk.kind !== 'absent') return null;
    const status = codeOf(image.status, statuses);
    const disk = codeOf(image.diskFormat, disks);
    const container = codeOf(image.containerFormat, containers);
    if (status === null || disk === null || container === null) return null;
    const hint = nameHint(image.name);
    const words = (status * WORDS + disk) * WORDS + container;
    const flags = (image.deleted ? 2 : 0) + (image.minDisk !== null && image.minDisk > 0 ? 1 : 0);
    return ((words * 4 + SIZES[sizeClass(image.size)]) * 4 + flags) * 5 + (hint === null ? 0 : NAMES[hint]);
  };
}

type Words = Map<string | null, number>;

function codeOf(word: string | null, words: Words): number | null {
  const code = words.get(word);
  if (code !== undefined) return code;
  if (words.size >= WORDS) return null;
  words.set(word, words.size);
  return words.size - 1;
}
