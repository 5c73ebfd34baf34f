import { describe, expect, it } from 'vitest';
import { be, bytesWith, patched, verdictOf, windowOf } from '../support/windows.ts';

const BEGIN = be(1, 4);
const END = be(2, 4);
const NOP = be(4, 4);

/** A name with NUL, padded to four bytes. */
const name = (text: string): readonly number[] => [
  ...Buffer.from(text.padEnd(4 * (Math.floor(text.length / 4) + 1), '\0'), 'latin1'),
];
const node = (text: string, ...children: readonly (readonly number[])[]): readonly number[] => [
  ...BEGIN,
  ...name(text),
  ...children.flat(),
  ...END,
];
const property = (length: number): readonly number[] => [
  ...be(3, 4),
  ...be(length, 4),
  ...be(0, 4),
  ...new Uint8Array(4 * Math.ceil(length / 4)).fill(0x69),
];

/** A tree of version 17 whose structure block begins at 56. */
function tree(root: readonly number[], total = 4096): Uint8Array {
  return bytesWith([
    [0, [0xd0, 0x0d, 0xfe, 0xed]],
    [4, [...be(total, 4), ...be(56, 4), ...be(total - 100, 4)]],
    [20, [...be(17, 4), ...be(16, 4)]],
    [56, [...root, ...be(9, 4)]],
  ]);
}

const lineOf = (bytes: Uint8Array): string => verdictOf(windowOf(bytes));

describe('a device tree', () => {
  it('with images below its root is a FIT image', () => {
    expect(lineOf(tree(node('', node('images'))))).toBe('kernel certain FIT image');
    expect(lineOf(tree(node('', property(5), NOP, node('a', node('b')), node('images'))))).toBe(
      'kernel certain FIT image',
    );
  });
  it.each([
    ['without images', node('', node('chosen'))],
    ['with images deeper down', node('', node('chosen', node('images')))],
    ['with images behind its root', [...node(''), ...node('', node('images'))]],
    ['with an unknown token before them', node('', be(7, 4), node('images'))],
    ['with a name that begins so', node('', node('images2'))],
  ])('%s is a plain one', (_, root) => expect(lineOf(tree(root))).toBe('other likely device tree'));
  it('ends the search where a property reaches behind the window', () => {
    expect(lineOf(tree(node('', [...be(3, 4), ...be(0xffff_fff0, 4), ...be(0, 4)], node('images'))))).toBe(
      'other likely device tree',
    );
  });
  it.each([
    ['a structure in its header', 8, 36],
    ['a structure behind its end', 8, 4096],
    ['strings behind its end', 12, 4097],
    ['an old version', 20, 15],
    ['a version to come', 20, 33],
    ['a compatible version above its own', 24, 18],
    ['no compatible version', 24, 0],
  ])('with %s is none', (_, at, value) => {
    expect(lineOf(patched(tree(node('')), [[at, be(value, 4)]]))).toBe('unknown');
  });
});
