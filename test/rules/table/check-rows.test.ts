import { describe, expect, it } from 'vitest';

import type { Problem } from '../../../src/model/error.ts';
import { domainsOf } from '../../../src/rules/table/attribute.ts';
import { checkComplete, checkPlaceholders, checkReachable } from '../../../src/rules/table/check-rows.ts';
import type { Condition } from '../../../src/rules/table/condition.ts';
import type { Row, TupleThen } from '../../../src/rules/table/rule-table.ts';
import type { Vocabulary } from '../../../src/rules/table/word.ts';
import { tupleThen } from '../evidence-builder.ts';

const words = new Map([['raw', { type: null, container: 'raw', envelope: null } as const]]);
const list = { words, groups: new Map(), aliases: new Map() };
const bare = {
  words: new Map([['bare', { type: null, container: null, envelope: null }]]),
  groups: new Map(),
  aliases: new Map(),
};
const vocabulary: Vocabulary = { disk: list, container: bare };
const domains = domainsOf(['raw'], ['bare']);

const when = (conditions: Readonly<Record<string, readonly string[]>>): Condition =>
  new Map(Object.entries(conditions).map(([key, values]) => [key, new Set(values)])) as unknown as Condition;

function row<Then>(id: string, conditions: Readonly<Record<string, readonly string[]>>, outcome: Then): Row<Then> {
  return { id, reason: 'r', findings: [], place: `at ${id}`, when: when(conditions), outcome };
}

function found(check: (problems: Problem[]) => void): readonly string[] {
  const problems: Problem[] = [];
  check(problems);
  return problems.map((problem) => `${problem.place}: ${problem.found}`);
}

describe('a row that can never fire', () => {
  it('is reported with the rows that take everything it allows', () => {
    const rows = [
      row('A', { size: ['some'] }, null),
      row('B', { size: ['empty'], disk: ['raw'] }, null),
      row('C', { disk: ['raw'] }, null),
    ];
    expect(found((problems) => checkReachable(rows, domains, problems))).toEqual([
      'at C: C never fires: B, A before it take all it allows',
    ]);
  });
  it('is not reported while one combination is left', () => {
    const rows = [row('A', { size: ['some'], disk: ['raw'] }, null), row('B', { disk: ['raw'] }, null)];
    expect(found((problems) => checkReachable(rows, domains, problems))).toEqual([]);
  });
});

describe('a placeholder', () => {
  it('must have a meaning for every word', () => {
    const rows = [row('A', { disk: ['raw', 'UNKNOWN'] }, null), row('B', { disk: ['raw'] }, null)];
    const resolves = (_: null, { disk }: { readonly disk?: string }) => disk === 'raw';
    expect(found((problems) => checkPlaceholders(rows, domains, resolves, problems))).toEqual([
      'at A: no meaning for disk UNKNOWN, container NULL, bexar_type absent',
    ]);
  });
});

describe('the tuples', () => {
  const complete = (rows: readonly Row<TupleThen>[]) =>
    found((problems) => checkComplete(rows, domains, vocabulary, 'tuples', problems));
  it('without an outcome are listed', () => {
    expect(complete([row('A', { disk: ['raw', 'NULL'] }, tupleThen({}))])).toEqual([
      'tuples: none for UNKNOWN,NULL UNKNOWN,bare UNKNOWN,UNKNOWN',
    ]);
    expect(complete([row('A', {}, tupleThen({}))])).toEqual([]);
  });
  it('that are ambiguous have two different candidates', () => {
    expect(complete([row('A', {}, tupleThen({ status: 'ambiguous', types: ['disk', 'disk'] }))])).toEqual([
      'at A: one for NULL,NULL',
    ]);
    expect(complete([row('A', {}, tupleThen({ status: 'ambiguous', types: ['disk', 'other'] }))])).toEqual([]);
  });
});
