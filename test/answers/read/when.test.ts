import { describe, expect, it } from 'vitest';

import { readWhen } from '../../../src/answers/read/when.ts';
import type { Problem } from '../../../src/model/error.ts';
import { parseTree } from '../../../src/yaml/yaml-tree.ts';

function read(text: string) {
  const problems: Problem[] = [];
  const tree = parseTree({ path: 'f', text }, problems);
  if (tree === null) throw new Error(text);
  return { when: readWhen(tree, problems), found: problems.map(({ found }) => found) };
}

describe('conditions', () => {
  it('are folded, sorted and without repeats, null first', () => {
    expect(read('{ disk_format: [VHD, null, raw, raw], owner: [b, a], name: x }').when).toEqual({
      diskFormats: [null, 'raw', 'vhd'],
      containerFormats: null,
      owners: ['a', 'b'],
      names: ['x'],
      properties: [],
      size: null,
      evidence: null,
    });
  });

  it('on properties are sorted by name; null asks whether the property exists', () => {
    expect(read('{ property: { os_type: [win*, linux], base: null } }').when?.properties).toEqual([
      { name: 'base', patterns: null },
      { name: 'os_type', patterns: ['linux', 'win*'] },
    ]);
  });

  it.each([
    ['{}', 'no condition at all'],
    ['{ disk_format: [] }', 'an empty list'],
    ['{ property: {} }', 'an empty map'],
    ['{ property: x }', '"x"'],
    ['{ size: 20 }', '20'],
    ['{ evidence: some }', '"some"'],
    ['{ colour: red }', 'colour'],
    ['{ name: [{ a: b }] }', 'a map'],
  ])('%s are refused', (text, found) => {
    expect(read(text)).toEqual({ when: null, found: [found] });
  });
});
