import { describe, expect, it } from 'vitest';

import { shardOf } from '../../../src/commands/options/shard.ts';
import { refusal } from '../support/refusal.ts';

describe('--shard', () => {
  it.each([
    '0/2',
    '3/2',
    '1/0',
    '0/0',
    'x',
    '',
    '1',
    '/',
    '1/',
    '/2',
    '1/257',
    '-1/2',
    '1.5/2',
    '1/2/3',
    ' 1/2',
    '1/2 ',
    '00001/2',
    '1/x',
  ])('is refused as %j, which is told together with what was expected', (text) => {
    expect(refusal(() => shardOf(text))).toEqual(['--shard', 'K/N, K from 1 to N, N up to 256', text]);
  });

  it.each([
    ['1/1', 1, 1],
    ['1/2', 1, 2],
    ['2/2', 2, 2],
    ['256/256', 256, 256],
    ['03/08', 3, 8],
  ])('reads %s', (text, shard, of) => {
    expect(shardOf(text)).toEqual({ shard, of });
  });

  it('means everything where it was left out', () => {
    expect(shardOf(undefined)).toBeNull();
  });
});
