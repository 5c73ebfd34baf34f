import { expect, it } from 'vitest';

import { biggestFirst, createBoundedGroups, totalOf } from '../../../src/report/plan/bounded-groups.ts';

it('the group of a key is made once; beyond the limit there are no new ones', () => {
  const groups = createBoundedGroups<{ readonly name: string }>(2);
  let made = 0;
  const of = (name: string) =>
    groups.of(name, () => {
      made += 1;
      return { name };
    });
  const first = of('a');
  expect([of('b')?.name, of('c'), of('a') === first, made]).toEqual(['b', null, true, 2]);
  expect(groups.values()).toEqual([{ name: 'a' }, { name: 'b' }]);
});

it('the biggest comes first, and of equal ones the one with the lower code units', () => {
  const items = [
    { count: 1, word: 'z' },
    { count: 2, word: 'ä' },
    { count: 2, word: 'b' },
    { count: 2, word: 'B' },
  ];
  expect(biggestFirst(items, ({ word }) => word).map(({ word }) => word)).toEqual(['B', 'b', 'ä', 'z']);
  expect(items[0]?.word).toBe('z');
});

it('counts are added up', () => {
  expect([totalOf([]), totalOf([{ count: 2 }, { count: 40 }])]).toEqual([0, 42]);
});
