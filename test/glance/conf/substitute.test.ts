import { describe, expect, it } from 'vitest';

import { type Substituted, substitute } from '../../../src/glance/conf/substitute.ts';

const OPTIONS: Readonly<Record<string, string>> = {
  'a.own': 'A',
  'DEFAULT.own': 'no',
  'DEFAULT.shared': 'D',
  'b.far': '$own',
  'b.own': 'B',
  'a.loop': '$round',
  'a.round': '$loop',
};
const filled = (value: string): Substituted =>
  substitute(value, 'a', (section, key) => OPTIONS[`${section}.${key}`] ?? null);
const text = (value: string): string => {
  const result = filled(value);
  return result.kind === 'text' ? result.text : result.kind;
};

describe('substitute', () => {
  it('looks in the own section, then in [DEFAULT], then by group, where names are looked up again', () => {
    expect(text('$own ${own}! $shared ${b.far}')).toBe('A A! D B');
  });

  it('leaves dollar signs that name nothing, and takes $$ and \\$ for one', () => {
    expect(text('1$ $1 $$own \\$own')).toBe('1$ $1 $own $own');
  });

  it('names no variable that is not set, and ends where one leads back to itself', () => {
    expect(filled('x$secret')).toEqual({ kind: 'unset' });
    expect(filled('$loop')).toEqual({ kind: 'cycle' });
  });

  it('does not fold case', () => {
    expect(text('$OWN')).toBe('unset');
  });

  it('is bounded in variables and in characters', () => {
    expect(text('$own'.repeat(1_000))).toBe('A'.repeat(1_000));
    expect(text('$own'.repeat(1_002))).toBe('cycle');
    expect(text('x'.repeat(1024 * 1024 + 1))).toBe('cycle');
  });
});
