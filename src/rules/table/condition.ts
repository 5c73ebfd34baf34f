import type { Problem } from '../../model/error.ts';
import type { Attribute, Domains, Facts } from './attribute.ts';
import { oneOrMany, readMap, readWord, wrong } from '../../yaml/read-node.ts';
import type { Vocabulary } from './word.ts';
import type { Located } from '../../yaml/yaml-tree.ts';

/** The allowed values of each attribute. All must match; an attribute that is left out may have any value. */
export type Condition = ReadonlyMap<Attribute, ReadonlySet<string>>;

export function matches(condition: Condition, facts: Partial<Facts>): boolean {
  for (const [attribute, allowed] of condition) {
    const value = facts[attribute];
    if (value === undefined || !allowed.has(value)) return false;
  }
  return true;
}

/** The first row whose condition holds. */
export function firstMatch<R extends { readonly when: Condition }>(
  rows: readonly R[],
  facts: Partial<Facts>,
): R | undefined {
  return rows.find(({ when }) => matches(when, facts));
}

/** Reads `when`: attributes that the section allows, with words or groups of words. */
export function readCondition(
  node: Located,
  attributes: readonly Attribute[],
  domains: Domains,
  vocabulary: Vocabulary,
  problems: Problem[],
): Condition {
  const condition = new Map<Attribute, ReadonlySet<string>>();
  const entries = readMap(node, attributes, problems);
  for (const attribute of attributes) {
    const value = entries.get(attribute);
    if (value === undefined) continue;
    const groups =
      attribute === 'disk' || attribute === 'container' ? vocabulary[attribute].groups : new Map<string, string[]>();
    const allowed = new Set<string>();
    for (const item of oneOrMany(value)) {
      const word = readWord(item, [...(domains.get(attribute) ?? []), ...groups.keys()], problems);
      if (word === null) continue;
      for (const member of groups.get(word) ?? [word]) allowed.add(member);
    }
    if (value.kind === 'list' && value.items.length === 0) {
      wrong(value, 'at least one value', 'leave the attribute out if it may be anything', problems, 'an empty list');
    }
    condition.set(attribute, allowed);
  }
  return condition;
}

/**
 * Every combination of values of `attributes` that `condition` allows. Yields the same object each time and changes it
 * in place, because there may be hundreds of thousands of combinations.
 */
export function* combinations(
  attributes: readonly Attribute[],
  domains: Domains,
  condition: Condition,
): Generator<Partial<Facts>> {
  const values = attributes.map((attribute) => [...(condition.get(attribute) ?? domains.get(attribute) ?? [])]);
  if (values.some((list) => list.length === 0)) return;
  const facts: { -readonly [A in Attribute]?: string } = {};
  const positions = attributes.map(() => 0);
  for (;;) {
    for (const [i, attribute] of attributes.entries()) facts[attribute] = values[i]?.[positions[i] ?? 0] ?? '';
    yield facts;
    let i = 0;
    while (i < positions.length) {
      const next = (positions[i] ?? 0) + 1;
      positions[i] = next < (values[i]?.length ?? 0) ? next : 0;
      if (positions[i] !== 0) break;
      i += 1;
    }
    if (i === positions.length) return;
  }
}

/** The attributes that any of the conditions names. */
export function attributesOf(conditions: readonly Condition[]): readonly Attribute[] {
  return [...new Set(conditions.flatMap((condition) => [...condition.keys()]))];
}

const GROUP_AT_LEAST = 4;

/**
 * The words that a condition allows for an attribute, in the order of the table. The name of a long group (`VIRTUAL`)
 * replaces its words.
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
