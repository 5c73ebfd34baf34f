import { describe, expect, it } from 'vitest';
import { columnText, parsed } from '../../src/journal/column-text.ts';

describe('columnText', () => {
  it('gives texts and integers as text, and NULL as null', () => {
    expect(['a', 7, 9_007_199_254_740_993n, null, undefined].map(columnText)).toEqual([
      'a',
      '7',
      '9007199254740993',
      null,
      null,
    ]);
  });

  it('refuses what no text column holds', () => {
    expect(() => columnText(Buffer.from('a'))).toThrow('a text column holds a object');
  });
});

describe('parsed', () => {
  it('reads JSON, and gives null for anything else', () => {
    expect(['[1]', '{"a":null}', 'null', '[1', '', null, undefined].map(parsed)).toEqual([
      [1],
      { a: null },
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
