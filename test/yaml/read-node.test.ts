import { describe, expect, it } from 'vitest';

import {
  describe as described,
  oneOrMany,
  readList,
  readMap,
  readOpenMap,
  readText,
  readWord,
  readWords,
} from '../../src/yaml/read-node.ts';
import { located, readBy } from '../rules/table/located.ts';

describe('a node is described as', () => {
  it.each([
    ['{ a: 1 }', 'a map'],
    ['[1]', 'a list'],
    ['null', 'nothing (null)'],
    ['"x y"', '"x y"'],
    ['12', '12'],
  ])('%s: %s', (text, expected) => {
    expect(described(located(text))).toBe(expected);
  });
  it('nothing where there is none', () => {
    expect(described(undefined)).toBe('nothing');
  });
});

describe('readers', () => {
  it('of a map report keys that they do not know, and keep the others', () => {
    const { value, problems } = readBy((node, noted) => readMap(node, ['a', 'b'], noted), '{ a: 1, c: 2 }');
    expect(value.get('a')).toMatchObject({ value: 1 });
    expect(problems).toEqual(['one of the keys a, b, found c']);
    expect(readBy((node, noted) => readMap(node, ['a'], noted), '[1]').problems).toEqual([
      'a map with a, found a list',
    ]);
  });
  it('of open maps and lists take null as empty', () => {
    expect(readBy(readOpenMap, 'null')).toEqual({ value: new Map(), problems: [] });
    expect(readBy(readOpenMap, 'x').problems).toEqual(['a map of words, found "x"']);
    expect(readBy(readList, 'null')).toEqual({ value: [], problems: [] });
    expect(readBy(readList, '{ a: 1 }').problems).toEqual(['a list of rows, found a map']);
  });
  it('of text trim it and refuse blanks and numbers', () => {
    const read = (text: string) => readBy((node, noted) => readText(node, 'x.yaml:9', 'a reason', noted), text);
    expect(read('" why "')).toEqual({ value: 'why', problems: [] });
    expect(read('"  "').problems).toEqual(['a reason, found "  "']);
    expect(read('12').problems).toEqual(['a reason, found 12']);
  });
  it('of a word compare exactly, and read null as NULL', () => {
    const read = (text: string) => readBy((node, noted) => readWord(node, ['raw', 'NULL', '1'], noted), text);
    expect(read('raw').value).toBe('raw');
    expect(read('null').value).toBe('NULL');
    expect(read('1').value).toBe('1');
    expect(read('RAW')).toEqual({ value: null, problems: ['one of raw, NULL, 1, found "RAW"'] });
  });
  it('of words take one or many and leave out unknown ones', () => {
    const read = (text: string) => readBy((node, noted) => readWords(node, ['raw', 'iso'], noted), text);
    expect(read('raw').value).toEqual(['raw']);
    expect(read('[iso, x, raw]')).toEqual({ value: ['iso', 'raw'], problems: ['one of raw, iso, found "x"'] });
    expect(oneOrMany(located('[1, 2]'))).toHaveLength(2);
  });
});
