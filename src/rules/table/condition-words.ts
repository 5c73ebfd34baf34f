import type { Attribute } from './attribute.ts';
import type { Vocabulary } from './word.ts';

/** Shorter groups are clearer written out. */
const GROUP_AT_LEAST = 4;

/**
 * The words that a condition allows for an attribute, in the order of the table; a long group of words by its name (`VIRTUAL`),
 * in the place of its first word.
 */
export function conditionWords(
  attribute: Attribute,
  allowed: ReadonlySet<string>,
  vocabulary: Vocabulary,
): readonly string[] {
  const groups = attribute === 'disk' || attribute === 'container' ? [...vocabulary[attribute].groups] : [];
  const named = groups.filter(
    ([, members]) => members.length >= GROUP_AT_LEAST && members.every((member) => allowed.has(member)),
  );
  const words = [...allowed].map((word) => named.find(([, members]) => members.includes(word))?.[0] ?? word);
  return [...new Set(words)];
}
