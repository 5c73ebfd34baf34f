import { describe, expect, it } from 'vitest';

import { isInRange, readSizeRange, sizeRangeText } from '../../../src/answers/answer/size-range.ts';

const MIB = 1_048_576n;

describe('a size', () => {
  it.each([
    ['< 20 MiB', { min: null, below: 20n * MIB }],
    ['<20MiB', { min: null, below: 20n * MIB }],
    ['>= 1 GiB', { min: 1_024n * MIB, below: null }],
    ['10 MiB .. 2 GiB', { min: 10n * MIB, below: 2_048n * MIB }],
    ['10MiB..2GiB', { min: 10n * MIB, below: 2_048n * MIB }],
    ['1.5 KiB .. 1 MB', { min: 1_536n, below: 1_000_000n }],
    ['< 0.1 KiB', { min: null, below: 103n }],
    ['>= 999999999999999 TiB', { min: 999_999_999_999_999n << 40n, below: null }],
    ['0 B .. 1 kB', { min: 0n, below: 1_000n }],
    ['>= 1 TB', { min: 1_000_000_000_000n, below: null }],
    ['>= 1 GB', { min: 1_000_000_000n, below: null }],
    ['>= 1 TiB', { min: 1n << 40n, below: null }],
  ])('%s', (text, range) => {
    expect(readSizeRange(text)).toEqual(range);
    expect(readSizeRange(sizeRangeText(range))).toEqual(range);
  });

  it.each([
    '',
    '20 MiB',
    '> 20 MiB',
    '<= 20 MiB',
    '< 20',
    '< 20 mib',
    '< 20 KB',
    '< -1 B',
    '< MiB',
    '2 GiB .. 10 MiB',
    '1 MiB .. 1 MiB',
    '1 B .. 2 B .. 3 B',
    '.. 2 GiB',
    '1 GiB ..',
    '< 1e3 B',
    '< 9999999999999999999999 B',
    '< 1 toString',
    '>= 1 GiB .. 2 GiB',
  ])('%s is refused', (text) => {
    expect(readSizeRange(text)).toBeNull();
  });

  it('begins with its first bound and ends before its second', () => {
    const range = { min: 10n, below: 20n };
    expect([9n, 10n, 19n, 20n].map((size) => isInRange(size, range))).toEqual([false, true, true, false]);
    expect(isInRange(9_223_372_036_854_775_807n, { min: 1n, below: null })).toBe(true);
  });

  it('that is not known is in no range', () => {
    expect(isInRange(null, { min: null, below: 1n })).toBe(false);
    expect(isInRange(null, { min: 0n, below: null })).toBe(false);
  });
});
