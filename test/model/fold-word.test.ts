import { describe, expect, it } from 'vitest';

import { foldWord, formatWord } from '../../src/model/fold-word.ts';

describe('folding', () => {
  it.each([
    ['RAW', 'raw'],
    [' \t\n\v\f\r raw \r\n', 'raw'],
    ['a B', 'a b'],
    ['   ', ''],
    // Unicode case and blanks would merge words that the database keeps apart, differently on every machine.
    ['\u0130so', '\u0130so'],
    ['\u212a', '\u212a'],
    ['raw\u00a0', 'raw\u00a0'],
  ])('reads %j as %j', (text, expected) => {
    expect(foldWord(text)).toBe(expected);
  });
});

it('NULL, the empty string, the word NULL and blanks at an end can be told apart', () => {
  expect([null, '', 'NULL', 'null', ' raw', 'raw'].map(formatWord)).toEqual([
    'NULL',
    "''",
    "'NULL'",
    "'null'",
    "' raw'",
    'raw',
  ]);
});
