import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compileGlob } from '../../../src/answers/answer/glob.ts';
import { runs } from '../../support/effort.ts';

/** What the pattern means, written down as plainly as possible. */
function meets(pattern: readonly string[], text: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return meets(rest, text) || (text.length > 0 && meets(pattern, text.slice(1)));
  return text.length > 0 && (head === '?' || head === text[0]) && meets(rest, text.slice(1));
}

describe('a pattern', () => {
  it.each([
    ['vmlinuz*', 'vmlinuz-6.1', true],
    ['vmlinuz*', 'Vmlinuz-6.1', false],
    ['*.iso', 'debian.iso', true],
    ['*.iso', 'debian.iso.bak', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['?', '', false],
    ['?', '💾', true],
    ['??', '💾', false],
    ['*?', '💾', true],
    ['*', '', true],
    ['', '', true],
    ['', 'x', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['(a+)+$', '(a+)+$', true],
    ['a\\*', 'a\\b', true],
    ['**a**', 'xax', true],
    ['*a?', 'aab', true],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  it('means what its definition says', () => {
    const char = fc.constantFrom('a', 'b', '*', '?', '💾', '\ud83d');
    fc.assert(
      fc.property(fc.array(char, { maxLength: 7 }), fc.array(char, { maxLength: 9 }), (pattern, chars) => {
        const text = Array.from(chars.join(''));
        expect(compileGlob(pattern.join(''))(text.join(''))).toBe(meets(Array.from(pattern.join('')), text));
      }),
      runs(3_000),
    );
  });

  it('asks no more of the text than its length times that of the longest piece', () => {
    // Backtracking over 60 stars would not come to an end.
    const pattern = `${'*a'.repeat(60)}*b`;
    expect(compileGlob(pattern)('a'.repeat(1_024))).toBe(false);
    expect(compileGlob(`${'*?'.repeat(500)}b`)('a'.repeat(1_024))).toBe(false);
  });
});
