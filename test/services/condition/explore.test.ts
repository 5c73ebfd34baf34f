import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/services/condition/explore.ts';

describe('exploring possibilities', () => {
  it('runs once where nothing is asked', () => {
    expect([...explore(() => 'x')]).toEqual([{ result: 'x', leftAt: null }]);
  });

  it('runs every combination that is asked for, and says where each left the one before', () => {
    const found = [...explore((pick) => (pick('a', [1, 2]) === 1 ? 'one' : `two ${pick('b', ['x', 'y', 'z'])}`))];
    expect(found).toEqual([
      { result: 'one', leftAt: null },
      { result: 'two x', leftAt: 'a' },
      { result: 'two y', leftAt: 'b' },
      { result: 'two z', leftAt: 'b' },
    ]);
  });

  it('goes back over choices that are used up', () => {
    const found = [...explore((pick) => [pick('a', [1, 2]), pick('b', [3]), pick('c', [4, 5])].join(''))];
    expect(found.map(({ result, leftAt }) => `${result} ${leftAt}`)).toEqual(['134 null', '135 c', '234 a', '235 c']);
  });
});
