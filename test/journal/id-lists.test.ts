import { describe, expect, it } from 'vitest';
import { inLists, LIST_LENGTH, marks } from '../../src/journal/id-lists.ts';

describe('lists of one statement', () => {
  it('are cut at the limit, and none is empty', () => {
    const items = Array.from({ length: 2 * LIST_LENGTH }, (_, index) => index);
    expect([...inLists(items)].map((list) => [list[0], list.length])).toEqual([
      [0, LIST_LENGTH],
      [LIST_LENGTH, LIST_LENGTH],
    ]);
    expect([...inLists([...items, -1])].at(-1)).toEqual([-1]);
    expect([...inLists([])]).toEqual([]);
  });

  it('have one mark for each value', () => {
    expect([marks([1, 2, 3]), marks(['a']), marks([])]).toEqual(['?, ?, ?', '?', '']);
  });
});
