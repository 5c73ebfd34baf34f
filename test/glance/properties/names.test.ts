import { describe, expect, it } from 'vitest';

import { propertyNamesFor } from '../../../src/glance/properties/names.ts';

const also = (charset: string | null, ...names: string[]): readonly string[] =>
  names.filter((name) => propertyNamesFor(charset, names).has(name));

describe('propertyNamesFor', () => {
  it('always has the names of the rules, each mapped to itself', () => {
    expect(propertyNamesFor('ascii', []).get('kernel_id')).toBe('kernel_id');
  });

  it.each([
    [null, ['a', 'é', '€', '漢', '😀']],
    ['utf8mb4', ['a', 'é', '€', '漢', '😀']],
    ['utf8mb3', ['a', 'é', '€', '漢']],
    ['utf8', ['a', 'é', '€', '漢']],
    ['latin1', ['a', 'é', '€']],
    ['ascii', ['a']],
    ['koi8r', ['a']],
  ])('leaves out what a column in %s cannot hold', (charset, held) => {
    expect(also(charset, 'a', 'é', '€', '漢', '😀')).toEqual(held);
  });
});
