import { expect, it } from 'vitest';

import { boundedText, hasRoom, mergeSamples } from '../../../src/report/plan/sample-list.ts';

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
