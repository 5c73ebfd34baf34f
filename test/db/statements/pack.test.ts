import { describe, expect, it } from 'vitest';

import { unpack } from '../../../src/db/statements/pack.ts';

const join = (...values: readonly string[]): string => values.join('\u001e');

describe('unpack', () => {
  it('gives the values in their order, empty ones and missing ones as well', () => {
    expect(unpack(join('a', '', '\u001d', 'b\nc'), 4, 3)).toEqual(['a', '', null, 'b\nc']);
    expect(unpack('', 1, 1)).toEqual(['']);
    expect(unpack('\u001d', 1, 0)).toEqual([null]);
  });

  it('gives nothing where a value holds a separator, looks like a missing one, or is no text', () => {
    // One value is "a<separator>b".
    expect(unpack(join('a', 'b', 'c'), 2, 2)).toBe(null);
    // A value is the mark itself: the server counted it.
    expect(unpack(join('a', '\u001d'), 2, 2)).toBe(null);
    // Bytes: there, but not counted.
    expect(unpack(join('a', '?'), 2, 1)).toBe(null);
    // The server cut the text.
    expect(unpack(join('a', 'b'), 3, 3)).toBe(null);
  });
});
