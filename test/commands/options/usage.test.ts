import { expect, it } from 'vitest';

import { refuseSharedPlaces, usageError } from '../../../src/commands/options/usage.ts';
import { refusal } from '../support/refusal.ts';

const wanted = (...files: readonly string[]) => files.map((file, i) => ({ option: `--o${i}`, file }));

it('outputs have different places', () => {
  expect(refusal(() => refuseSharedPlaces(wanted('a', 'b', '-')))).toEqual([]);
  expect(refusal(() => refuseSharedPlaces(wanted('a', 'b', 'a')))).toEqual([
    '--o0 and --o2',
    'a different place for each',
    'both want a',
  ]);
  expect(refusal(() => refuseSharedPlaces(wanted('-', '-')))[2]).toBe('both want standard output');
});

it('a mistake on the command line has its four parts', () => {
  expect(usageError('--n', 'a number', 'x', 'give one')).toMatchObject({
    code: 'USAGE',
    problems: [{ place: '--n', expected: 'a number', found: 'x', advice: 'give one' }],
  });
});
