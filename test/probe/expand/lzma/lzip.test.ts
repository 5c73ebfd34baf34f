import { expect, it } from 'vitest';
import { expandLzip } from '../../../../src/probe/expand/lzma/lzip.ts';
import { expandedBy, expectPlain } from '../support/expect-plain.ts';
import { LZIP, PLAIN } from '../support/packed.ts';

it('expands members as lzip wrote them', () => expectPlain(expandLzip, LZIP, 'concatenates'));

it('of another version gives nothing', () => {
  const next = Uint8Array.from(LZIP);
  next[4] = 2;
  expect(expandedBy(expandLzip, next)).toEqual({ plain: '', ended: false });
});

it('ignores what is behind the last member', () => {
  const followed = Buffer.concat([LZIP, Buffer.alloc(300)]);
  expect(expandedBy(expandLzip, followed)).toEqual({ plain: PLAIN.toString('latin1'), ended: true });
});
