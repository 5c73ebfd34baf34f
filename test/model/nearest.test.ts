import { describe, expect, it } from 'vitest';

import { nearest, typingDistance } from '../../src/model/nearest.ts';

describe('the distance between two words', () => {
  it.each([
    ['', '', 0],
    ['plan', 'plan', 0],
    ['', 'plan', 4],
    ['plan', '', 4],
    ['plant', 'plan', 1],
    ['pan', 'plan', 1],
    ['plen', 'plan', 1],
    ['plna', 'plan', 1],
    ['nalp', 'plan', 3],
    ['migrtae', 'migrate', 1],
    ['kitten', 'sitting', 3],
    // A pair that was swapped is not touched again.
    ['ca', 'abc', 3],
  ])('%s and %s: %i', (one, other, distance) => {
    expect(typingDistance(one, other)).toBe(distance);
    expect(typingDistance(other, one)).toBe(distance);
  });
});

describe('the nearest words', () => {
  const NAMES = ['plan', 'probe', 'expand', 'explain', 'database-url', 'yes'];
  it.each([
    ['plam', ['plan']],
    ['PLAN', ['plan']],
    ['data_base_url', ['database-url']],
    ['databse-urk', ['database-url']],
    // Three wrong of eleven, and a fourth.
    ['databxxx-url', ['database-url']],
    ['dataxxxx-url', []],
    // A short word is soon another one.
    ['yse', []],
    ['pla', []],
    ['expan', ['expand']],
    ['', []],
    ['x'.repeat(5000), []],
  ])('of %s', (typed, found) => {
    expect(nearest(typed, NAMES)).toEqual(found);
  });

  it('are several where they are equally near', () => {
    expect(nearest('board', ['boards', 'boar', 'cards'])).toEqual(['boards', 'boar']);
  });
});
