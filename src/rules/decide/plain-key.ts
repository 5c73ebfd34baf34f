import type { ImageEvidence } from '../../model/image.ts';
import { type NameHint, nameHint } from './name-hint.ts';
import { propertyToken } from './property-token.ts';

const NAMES: Readonly<Record<NameHint, number>> = { kernel: 1, ramdisk: 2, filesystem: 3, iso9660: 4 };
/** Numbers that the name takes: none of these, or one. */
const NAME_VALUES = 5;
/** Largest weight of a token, so that the sum of all weights times `NAME_VALUES` is an exact integer. */
const LARGEST_WEIGHT = 2 ** 48;

/**
 * Numbers what a decision depends on besides the shape of the row, for plain images: no reference leads to them or from
 * them, they lost no properties, and their bytes were not read. Plain images with the same shape and the same number
 * have the same observation. A small integer is looked up several times faster than the text of an observation is built
 * and hashed.
 *
 * Each pair of property name and token has one bit, so the order of properties does not matter. There are about forty
 * pairs.
 *
 * @returns a function that returns null for all other images, and once there are more pairs than bits.
 */
export function createPlainKey(): (evidence: ImageEvidence) => number | null {
  const weights = new Map<string, Map<string, number>>();
  let next = 1;

  const weightOf = (name: string, token: string): number | null => {
    let ofName = weights.get(name);
    if (ofName === undefined) {
      ofName = new Map();
      weights.set(name, ofName);
    }
    const known = ofName.get(token);
    if (known !== undefined) return known;
    if (next > LARGEST_WEIGHT) return null;
    const weight = next;
    ofName.set(token, weight);
    next *= 2;
    return weight;
  };

  return ({ image, properties, lostProperties, kernel, ramdisk, referencedBy, content }) => {
    if (lostProperties.size > 0 || referencedBy !== null || content !== undefined) return null;
    if (kernel.kind !== 'absent' || ramdisk.kind !== 'absent') return null;
    let tokens = 0;
    if (properties.size > 0) {
      for (const [name, value] of properties) {
        const token = propertyToken(name, value);
        if (token === '') continue;
        const weight = weightOf(name, token);
        if (weight === null) return null;
        tokens += weight;
      }
    }
    const hint = nameHint(image.name);
    return tokens * NAME_VALUES + (hint === null ? 0 : NAMES[hint]);
  };
}
