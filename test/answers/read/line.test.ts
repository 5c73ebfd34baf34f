import { describe, expect, it } from 'vitest';

import { isNothing, readLine, readNote, readText } from '../../../src/answers/read/line.ts';
import type { Problem } from '../../../src/model/error.ts';
import type { Located } from '../../../src/yaml/yaml-tree.ts';

const node = (text: string | null): Located => ({ kind: 'scalar', place: 'f:1', line: 1, value: text, text });
const LIST: Located = { kind: 'list', place: 'f:1', line: 1, items: [] };
const WANTED = { what: 'a word', longest: 3 };
function read<T>(reader: (problems: Problem[]) => T): readonly [T, number] {
  const problems: Problem[] = [];
  return [reader(problems), problems.length];
}

describe('a text', () => {
  it.each([
    ['abc', ['abc', 0]],
    ['', ['', 0]],
    ['a\nb', ['a\nb', 0]],
    ['abcd', [null, 1]],
    [null, [null, 1]],
  ])('%j', (text, expected) => {
    expect(read((problems) => readText(node(text), WANTED, problems))).toEqual(expected);
  });
});

describe('a line', () => {
  it.each([
    ['abc', ['abc', 0]],
    [' a ', [' a ', 0]],
    ['', [null, 1]],
    ['abcd', [null, 1]],
    ['a\nb', [null, 1]],
    ['\u2028', [null, 1]],
    ['\ud800', [null, 1]],
  ])('%j', (text, expected) => {
    expect(read((problems) => readLine(node(text), WANTED, problems))).toEqual(expected);
  });
});

describe('a note', () => {
  it.each([
    [undefined, [null, 0]],
    [node(null), [null, 0]],
    [node('  '), [null, 0]],
    [node(' seen '), ['seen', 0]],
    [node('a'.repeat(1_001)), [null, 1]],
    [LIST, [null, 1]],
  ])('of case %#', (given, expected) => {
    expect(read((problems) => readNote(given, 'a reason', problems))).toEqual(expected);
  });

  it('is nothing only where there is no text', () => {
    expect([isNothing(undefined), isNothing(node(' ')), isNothing(node('a')), isNothing(LIST)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
