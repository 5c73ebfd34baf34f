import { expect, it } from 'vitest';
import { cutText, padding, textWidth, wrapProse } from '../../../src/report/words/text-width.ts';

it('wide characters take two columns, marks and joiners none', () => {
  const widths = {
    abc: 3,
    日本語: 6,
    ﾊﾝｶｸ: 4,
    한국: 4,
    'e\u0301': 1,
    '💾': 2,
    '👩‍👩‍👧': 2,
    '❤\ufe0f': 2,
    '🇩🇪': 2,
    ñ: 1,
    '': 0,
  };
  for (const [text, width] of Object.entries(widths)) expect([text, textWidth(text)]).toEqual([text, width]);
});

it('a cut text ends in an ellipsis, fits, and never splits a character', () => {
  expect(cutText('abcdef', 6)).toBe('abcdef');
  expect(cutText('abcdef', 4)).toBe('abc…');
  expect(cutText('日本語', 4)).toBe('日…');
  expect(cutText('日本語', 5)).toBe('日本…');
  expect(cutText('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  expect(cutText('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  expect(cutText('abc', 1)).toBe('…');
  expect(cutText('abc', 0)).toBe('');
});

it('a text is cut between words; a word is cut only where it is the first, or longer than a line', () => {
  expect([cutText('one two three', 9), cutText('one two three', 8), cutText('one two three', 7)]).toEqual([
    'one two…',
    'one two…',
    'one…',
  ]);
  expect(cutText('id-2 日本日本日本', 10)).toBe('id-2 日本…');
  expect(cutText('id-2 日本日本日', 10)).toBe('id-2…');
  expect([cutText('one-and-two three', 5), cutText(' word', 4)]).toEqual(['one-…', ' wo…']);
});

it('padding fills up to the width by columns', () => {
  expect([padding('日本', 6), padding('abc', 2)]).toEqual(['  ', '']);
});

it('lines break at blanks and go on under the hanging prefix', () => {
  expect(wrapProse('one two three four', 11, '* ', '  ')).toEqual(['* one two', '  three', '  four']);
});

it('a word longer than the line stays whole', () => {
  expect(wrapProse('see glance-retype-reference now', 10)).toEqual(['see', 'glance-retype-reference', 'now']);
});

it('wide characters count twice', () => {
  expect(wrapProse('日本 語', 6)).toEqual(['日本', '語']);
});
