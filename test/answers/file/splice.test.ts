import { describe, expect, it } from 'vitest';

import { applySplices } from '../../../src/answers/file/splice.ts';

describe('replacements in a text', () => {
  it('are applied by place, whatever their order', () => {
    const splices = [
      { start: 4, end: 6, text: 'EEE' },
      { start: 0, end: 1, text: '' },
    ];
    expect(applySplices('abcdef', splices).text).toBe('bcdEEE');
  });

  it('can be undone', () => {
    const { text, back } = applySplices('abcdef', [
      { start: 1, end: 3, text: 'XYZ' },
      { start: 6, end: 6, text: '!' },
    ]);
    expect(text).toBe('aXYZdef!');
    expect(applySplices(text, back).text).toBe('abcdef');
  });

  it('at one place keep their order', () => {
    const insert = (text: string) => ({ start: 1, end: 1, text });
    expect(applySplices('ab', [insert('1'), insert('2')]).text).toBe('a12b');
  });

  it('may touch and may not overlap', () => {
    const touching = [
      { start: 0, end: 2, text: '1' },
      { start: 2, end: 3, text: '2' },
    ];
    expect(applySplices('abc', touching).text).toBe('12');
    const overlapping = [
      { start: 0, end: 2, text: '1' },
      { start: 1, end: 3, text: '2' },
    ];
    expect(() => applySplices('abc', overlapping)).toThrow('replacements overlap at 1');
  });
});
