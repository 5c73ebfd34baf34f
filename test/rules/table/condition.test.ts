import { describe, expect, it } from 'vitest';

import {
  attributesOf,
  combinations,
  type Condition,
  conditionWords,
  firstMatch,
  matches,
  readCondition,
} from '../../../src/rules/table/condition.ts';
import { table } from '../evidence-builder.ts';
import { readBy } from './located.ts';

const of = (...entries: readonly (readonly [Parameters<Condition['get']>[0], readonly string[]])[]): Condition =>
  new Map(entries.map(([attribute, words]) => [attribute, new Set(words)]));

describe('a condition', () => {
  const condition = of(['disk', ['raw', 'iso']], ['size', ['some']]);
  it('matches where all of its attributes do', () => {
    expect(matches(condition, { disk: 'iso', size: 'some', container: 'bare' })).toBe(true);
    expect(matches(condition, { disk: 'iso', size: 'empty' })).toBe(false);
    expect(matches(condition, { disk: 'iso' })).toBe(false);
    expect(matches(of(), {})).toBe(true);
  });
  it('of the first row that matches counts', () => {
    const rows = [
      { id: 1, when: of(['size', ['empty']]) },
      { id: 2, when: of() },
      { id: 3, when: of() },
    ];
    expect(firstMatch(rows, { size: 'some' })?.id).toBe(2);
    expect(firstMatch(rows.slice(0, 1), { size: 'some' })).toBeUndefined();
  });
  it('has every combination of the values that it allows', () => {
    const found = [...combinations(['disk', 'size'], table.domains, condition)].map(
      ({ disk, size }) => `${disk} ${size}`,
    );
    expect(found).toHaveLength(2);
    const copies: string[] = [];
    for (const { disk, size } of combinations(['disk', 'size'], table.domains, of(['disk', ['raw', 'iso']])))
      copies.push(`${disk} ${size}`);
    expect(copies).toEqual(['raw empty', 'iso empty', 'raw some', 'iso some']);
    expect([...combinations(['disk'], table.domains, of(['disk', []]))]).toEqual([]);
  });
  it('names its attributes once', () => {
    expect(attributesOf([condition, of(['size', ['empty']])])).toEqual(['disk', 'size']);
  });
  it('shows long groups by name and short ones word by word', () => {
    const virtual = table.vocabulary.disk.groups.get('VIRTUAL') ?? [];
    expect(conditionWords('disk', new Set(['raw', ...virtual]), table.vocabulary)).toEqual(['raw', 'VIRTUAL']);
    expect(conditionWords('container', new Set(['NULL', 'bare']), table.vocabulary)).toEqual(['NULL', 'bare']);
    expect(conditionWords('size', new Set(['some']), table.vocabulary)).toEqual(['some']);
  });
});

describe('reading a condition', () => {
  const read = (text: string) =>
    readBy((node, problems) => readCondition(node, ['disk', 'size'], table.domains, table.vocabulary, problems), text);
  it('takes words, lists, groups and NULL', () => {
    const { value, problems } = read('{ disk: [AMAZON, null], size: some }');
    expect(problems).toEqual([]);
    expect([...(value.get('disk') ?? [])]).toEqual(['aki', 'ari', 'ami', 'NULL']);
    expect([...(value.get('size') ?? [])]).toEqual(['some']);
  });
  it.each([
    ['{ disk: floppy }', 'one of NULL, '],
    ['{ size: [] }', 'at least one value, found an empty list'],
    ['{ used_as: kernel }', 'one of the keys disk, size, found used_as'],
    ['raw', 'a map with disk, size, found "raw"'],
  ])('%s is refused', (text, problem) => {
    expect(read(text).problems.join()).toContain(problem);
  });
});
