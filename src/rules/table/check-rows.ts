import type { Problem } from '../../model/error.ts';
import { type Attribute, type Domains, type Facts } from './attribute.ts';
import { attributesOf, combinations, type Condition, firstMatch } from './condition.ts';
import type { ContentAnswer, ContentThen, Row, TupleThen } from './rule-table.ts';
import { distinctClassifications, tupleClassifications } from './resolve.ts';
import type { Vocabulary } from './word.ts';

const ANYTHING: Condition = new Map();
const SHOWN = 12;

/**
 * Reports every row that can never fire, because an earlier row of its section takes each combination of values that it
 * allows. The check is exact: it enumerates all combinations of the attributes involved.
 */
export function checkReachable(rows: readonly Row<unknown>[], domains: Domains, problems: Problem[]): void {
  for (const [i, row] of rows.entries()) {
    const earlier = rows.slice(0, i).filter((other) => overlaps(other.when, row.when));
    const attributes = attributesOf([...earlier.map((other) => other.when), row.when]);
    const takers = new Set<string>();
    let reachable = false;
    for (const facts of combinations(attributes, domains, row.when)) {
      const taker = firstMatch(earlier, facts);
      if (taker === undefined) {
        reachable = true;
        break;
      }
      takers.add(taker.id);
    }
    if (reachable) continue;
    problems.push({
      place: row.place,
      expected: 'a row that can fire',
      found: `${row.id} never fires: ${[...takers].join(', ')} before it take${takers.size === 1 ? 's' : ''} all it allows`,
      advice: 'move it up, narrow the earlier rows, or remove it',
    });
  }
}

/** Reports every row that allows a word for which one of its placeholders has no meaning. */
export function checkPlaceholders<Then>(
  rows: readonly Row<Then>[],
  domains: Domains,
  resolves: (then: Then, facts: Partial<Facts>) => boolean,
  problems: Problem[],
): void {
  const words: readonly Attribute[] = ['disk', 'container', 'bexar_type'];
  for (const row of rows) {
    for (const facts of combinations(words, domains, row.when)) {
      if (resolves(row.outcome, facts)) continue;
      problems.push({
        place: row.place,
        expected: 'placeholders that mean something for every word of the condition',
        found: `no meaning for disk ${facts.disk}, container ${facts.container}, bexar_type ${facts.bexar_type}`,
        advice: 'narrow the condition or write the value out',
      });
      break;
    }
  }
}

/** Reports tuples without an outcome, and ambiguous outcomes with only one candidate. */
export function checkComplete(
  rows: readonly Row<TupleThen>[],
  domains: Domains,
  vocabulary: Vocabulary,
  place: string,
  problems: Problem[],
): void {
  const attributes = [...new Set<Attribute>(['disk', 'container', ...attributesOf(rows.map((row) => row.when))])];
  const missing = new Set<string>();
  const single = new Set<string>();
  for (const facts of combinations(attributes, domains, ANYTHING)) {
    const row = firstMatch(rows, facts);
    if (row === undefined) {
      missing.add(`${facts.disk},${facts.container}`);
      continue;
    }
    if (row.outcome.status !== 'ambiguous' || single.has(row.id)) continue;
    if (distinctClassifications(tupleClassifications(row.outcome, facts, vocabulary) ?? []).length >= 2) continue;
    single.add(row.id);
    problems.push({
      place: row.place,
      expected: 'two different candidates or more',
      found: `one for ${facts.disk},${facts.container}`,
      advice: 'give that tuple a row of its own',
    });
  }
  if (missing.size === 0) return;
  const shown = [...missing].slice(0, SHOWN).join(' ');
  problems.push({
    place,
    expected: 'an outcome for every pair of disk word and container word, NULL and UNKNOWN included',
    found: `none for ${shown}${missing.size > SHOWN ? ` and ${missing.size - SHOWN} more` : ''}`,
    advice: 'add rows to tuples',
  });
}

const TYPED: ReadonlySet<string> = new Set(['weak', 'likely', 'certain']);

/** What an answer requires of the bytes, so that it always exists: a type, or a type that the row leaves open. */
const NEEDS: Partial<Readonly<Record<ContentAnswer, Condition>>> = {
  content: new Map([['content', TYPED]]),
  readings: new Map([['content_readings', new Set(['several'])]]),
  chosen: new Map([
    ['content', TYPED],
    ['content_row', new Set(['open'])],
  ]),
};

/** Reports contents without a row, and rows whose answer the bytes may not have. */
export function checkContent(
  rows: readonly Row<ContentThen>[],
  domains: Domains,
  place: string,
  problems: Problem[],
): void {
  for (const row of rows) {
    for (const [attribute, values] of NEEDS[row.outcome.answer] ?? []) {
      const allowed = [...(row.when.get(attribute) ?? domains.get(attribute) ?? [])];
      if (allowed.every((value) => values.has(value))) continue;
      problems.push({
        place: row.place,
        expected: `${attribute} among ${[...values].join(', ')} with answer ${row.outcome.answer}`,
        found: allowed.join(', '),
        advice: 'narrow the condition',
      });
    }
  }
  const asked = new Set((domains.get('content') ?? []).filter((value) => value !== 'absent'));
  const attributes = [...new Set<Attribute>(['content', ...attributesOf(rows.map((row) => row.when))])];
  for (const facts of combinations(attributes, domains, new Map([['content', asked]]))) {
    if (firstMatch(rows, facts) !== undefined) continue;
    problems.push({
      place,
      expected: 'a row for every content',
      found: `none for ${attributes.map((attribute) => `${attribute} ${facts[attribute]}`).join(', ')}`,
      advice: 'add rows to content',
    });
    return;
  }
}

function overlaps(a: Condition, b: Condition): boolean {
  for (const [attribute, allowed] of a) {
    const other = b.get(attribute);
    if (other !== undefined && ![...allowed].some((value) => other.has(value))) return false;
  }
  return true;
}
