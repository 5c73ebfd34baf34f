import { expect, it } from 'vitest';

import { readWord, type WordList } from '../../../src/rules/table/word.ts';

const list: WordList = {
  words: new Map([['raw', { type: null, container: 'raw', envelope: null }]]),
  groups: new Map(),
  aliases: new Map([['img', 'raw']]),
};

it.each([
  [null, 'NULL', false, false],
  ['', 'NULL', true, false],
  [' \t', 'NULL', true, false],
  ['raw', 'raw', false, false],
  [' RAW', 'raw', true, false],
  ['img', 'raw', false, true],
  ['IMG', 'raw', true, true],
  ['floppy', 'UNKNOWN', false, false],
])('%j is read as %s', (text, word, folded, aliased) => {
  expect(readWord(text, list)).toEqual({ word, folded, aliased });
});
