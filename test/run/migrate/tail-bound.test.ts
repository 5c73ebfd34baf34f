import { describe, expect, it } from 'vitest';

import { tailState } from '../../../src/run/migrate/tail-pass.ts';

describe('tailState', () => {
  it.each([
    [[0], 'done'],
    [[5], 'again'],
    [[5, 7], 'again'],
    [[5, 0], 'done'],
    [[900, 40, 3], 'again'],
    [[900, 40, 40], 'chasing'],
    [[2, 3, 4], 'chasing'],
    [[2, 3, 1, 1], 'chasing'],
    [[2, 3, 2, 1, 0], 'done'],
  ] as const)('after passes that settled %j rows it is %s', (found, state) => {
    expect(tailState(found)).toBe(state);
  });
});
