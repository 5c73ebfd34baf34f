import { describe, expect, it } from 'vitest';

import { foldSection, parseConfText } from '../../../src/glance/conf/ini-text.ts';

const entries = (text: string): readonly string[] =>
  parseConfText(text).entries.map(({ section, key, value, line }) => `${line} [${section}] ${key}=${value}`);
const defects = (text: string): readonly string[] =>
  parseConfText(text).defects.map(({ line, expected }) => `${line} ${expected}`);

describe('parseConfText', () => {
  it('parts key and value at the first = or :, and takes one pair of equal quotes off', () => {
    expect(entries('[a]\nx = 1:2\ny: 3=4\nz = "q"\nw = \'q"')).toEqual([
      '2 [a] x=1:2',
      '3 [a] y=3=4',
      '4 [a] z=q',
      '5 [a] w=\'q"',
    ]);
  });

  it('joins continuation lines, indented comments among them, until a blank line or a comment', () => {
    expect(entries('[a]\nx = 1\n  2\n\t# 3\n# 4\ny = 5')).toEqual(['2 [a] x=1\n2\n# 3', '6 [a] y=5']);
  });

  it('reads the line ends of any system', () => {
    expect(entries('[a]\r\nx = 1\ry = 2')).toEqual(['2 [a] x=1', '3 [a] y=2']);
  });

  it('collects defects by line, and none of them is an entry', () => {
    expect(defects('x = 1\n[]\n[b\n= 2\nnothing\n\n  3')).toEqual([
      '1 a [section] before the first key',
      '2 [section]',
      '3 [section]',
      '4 [section], key = value or a comment',
      '5 [section], key = value or a comment',
      '7 a key before a continuation line',
    ]);
    expect(entries('x = 1\n[]')).toEqual([]);
  });

  it('gives up behind 200 defects', () => {
    expect(parseConfText('nothing\n'.repeat(10_000)).defects).toHaveLength(200);
  });
});

describe('foldSection', () => {
  it('keeps DEFAULT apart from default', () => {
    expect(['DEFAULT', 'Default', 'Database'].map(foldSection)).toEqual(['DEFAULT', 'default', 'database']);
  });
});
