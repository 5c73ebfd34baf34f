import { expect, it } from 'vitest';
import { wrapProse } from '../../../src/report/words/prose.ts';

it('lines break at blanks and go on under the hanging prefix', () => {
  expect(wrapProse('one two three four', 11, '* ', '  ')).toEqual(['* one two', '  three', '  four']);
});

it('a word longer than the line stays whole', () => {
  expect(wrapProse('see glance-retype-reference now', 10)).toEqual(['see', 'glance-retype-reference', 'now']);
});

it('wide characters count twice', () => {
  expect(wrapProse('日本 語', 6)).toEqual(['日本', '語']);
});
