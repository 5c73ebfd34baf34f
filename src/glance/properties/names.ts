import { EVIDENCE_PROPERTIES } from '../../model/image.ts';

/** Whether a column can hold a text, by its character set; null is an engine whose columns hold any text. */
const HOLDS: ReadonlyMap<string | null, (name: string) => boolean> = new Map([
  [null, () => true],
  ['utf8mb4', () => true],
  ['utf8mb3', isInBasicPlane],
  ['utf8', isInBasicPlane],
  ['latin1', isLatin],
]);

/**
 * The property names to read, each mapped to itself: those of the rules and `also`, save for names that the column
 * cannot hold. No row has such a name, and MySQL refuses to compare it ("Illegal mix of collations").
 *
 * @param charset of `image_properties.name`; null where the engine has none per column.
 */
export function propertyNamesFor(charset: string | null, also: readonly string[]): ReadonlyMap<string, string> {
  const holds = HOLDS.get(charset) ?? isAscii;
  return new Map([...EVIDENCE_PROPERTIES, ...also.filter(holds)].map((name) => [name, name]));
}

function isInBasicPlane(name: string): boolean {
  return !/[\ud800-\udfff]/.test(name);
}

/** MySQL's latin1 is Windows code page 1252: Latin 1, with these characters in place of most of its controls. */
function isLatin(name: string): boolean {
  return /^[\0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/.test(name);
}

function isAscii(name: string): boolean {
  return /^\p{ASCII}*$/u.test(name);
}
