import { expect, it } from 'vitest';
import {
  biggestFirst,
  boundedText,
  createBoundedGroups,
  hasRoom,
  mergeSamples,
  totalOf,
} from '../../../src/report/plan/bounded-groups.ts';

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

const samples = (...orders: readonly number[]) => orders.map((order) => ({ order, id: `i${order}`, name: null }));

it('the five read first are kept, in reading order', () => {
  const orders = (a: readonly number[], b: readonly number[]) =>
    mergeSamples(samples(...a), samples(...b)).map(({ order }) => order);
  expect(orders([], [])).toEqual([]);
  expect(orders([1], [])).toEqual([1]);
  expect(orders([4, 9], [1, 6])).toEqual([1, 4, 6, 9]);
  expect(orders([2, 4, 6, 8, 10], [1, 3, 5, 7, 9])).toEqual([1, 2, 3, 4, 5]);
  expect(orders([1, 2, 3, 4, 5], [6])).toEqual([1, 2, 3, 4, 5]);
});

it('there is room for five', () => {
  expect([hasRoom(samples(1, 2, 3, 4)), hasRoom(samples(1, 2, 3, 4, 5))]).toEqual([true, false]);
});

it('a text of 255 characters is whole, a longer one is cut', () => {
  const whole = 'x'.repeat(255);
  expect([boundedText(''), boundedText(whole), boundedText(`${whole}y`)]).toEqual(['', whole, `${whole}…`]);
});
