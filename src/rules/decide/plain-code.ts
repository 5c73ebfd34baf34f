import type { ImageEvidence, RowShape } from '../../model/image.ts';
import { type NameHint, nameHint } from './name-hint.ts';
import { shapeOf } from './observation.ts';

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
  const known = new WeakMap<RowShape, number | 'no-code'>();

  const codeOfShape = ({ status, deleted, diskFormat, containerFormat, size, minDisk }: RowShape): number | null => {
    const words = [codeOf(status, statuses), codeOf(diskFormat, disks), codeOf(containerFormat, containers)] as const;
    const [first, second, third] = words;
    if (first === null || second === null || third === null) return null;
    const flags = (deleted ? 2 : 0) + (minDisk === 'some' ? 1 : 0);
    return (((first * WORDS + second) * WORDS + third) * 4 + SIZES[size]) * 4 + flags;
  };

  const rememberedCode = (shape: RowShape): number | null => {
    let code = known.get(shape);
    if (code === undefined) {
      code = codeOfShape(shape) ?? 'no-code';
      known.set(shape, code);
    }
    return code === 'no-code' ? null : code;
  };

  return ({ image, shape, lostProperties, kernel, ramdisk, referencedBy, content }) => {
    if (lostProperties.size > 0 || referencedBy !== null || content !== undefined) return null;
    if (kernel.kind !== 'absent' || ramdisk.kind !== 'absent') return null;
    const code = shape === undefined ? codeOfShape(shapeOf(image)) : rememberedCode(shape);
    if (code === null) return null;
    const hint = nameHint(image.name);
    return code * 5 + (hint === null ? 0 : NAMES[hint]);
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
