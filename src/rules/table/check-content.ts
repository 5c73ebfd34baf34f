import type { Problem } from '../../model/error.ts';
import type { Attribute, Domains } from './attribute.ts';
import { attributesOf, combinations, type Condition, firstMatch } from './condition.ts';
import type { ContentAnswer, ContentThen, Row } from './outcome.ts';

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
