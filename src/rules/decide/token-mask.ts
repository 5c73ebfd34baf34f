import { propertyToken } from './property-token.ts';

/** Bits that a number holds exactly. */
const LARGEST = 2 ** 52;

/**
 * Numbers sets of properties: each pair of name and token is one bit, so the order of the properties does not count. There are
 * about forty pairs; should they ever be more than a number has bits, the answer is null and the slow way is taken.
 */
export function createTokenMask(): (properties: ReadonlyMap<string, string | null>) => number | null {
  const weights = new Map<string, Map<string, number>>();
  let next = 1;
  return (properties) => {
    let mask = 0;
    for (const [name, value] of properties) {
      const token = propertyToken(name, value);
      if (token === '') continue;
      let ofName = weights.get(name);
      if (ofName === undefined) {
        ofName = new Map();
        weights.set(name, ofName);
      }
      let weight = ofName.get(token);
      if (weight === undefined) {
        if (next > LARGEST) return null;
        weight = next;
        next *= 2;
        ofName.set(token, weight);
      }
      mask += weight;
    }
    return mask;
  };
}
