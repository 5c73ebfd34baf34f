import { expect, it } from 'vitest';
import { keepsRules, pastEnd, rule, type HeaderRule } from '../../../../src/probe/containers/format/header-rules.ts';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';

const RULES: readonly HeaderRule<{ readonly entries: number }>[] = [
  rule.malformed(4, 'no entries', ({ entries }) => entries === 0),
  rule.oversized(4, 'more entries than bytes', ({ entries }, size) => size !== null && entries > size),
];

it('is silent about a header that keeps its rules', () => {
  const notes = new Observations();

  expect(keepsRules({ entries: 5 }, 5, RULES, notes)).toBe(true);
  expect([notes.safety(), notes.evidence()]).toEqual([[], []]);
});

it('notes every rule that is broken, with its code and its field', () => {
  const notes = new Observations();

  expect(keepsRules({ entries: 6 }, 5, RULES, notes)).toBe(false);
  expect(keepsRules({ entries: 0 }, 5, RULES, notes)).toBe(false);
  expect(notes.safety()).toEqual(['MALFORMED_HEADER', 'OVERSIZED_TABLE']);
  expect(notes.evidence()).toEqual([
    { offset: 4, detail: 'more entries than bytes' },
    { offset: 4, detail: 'no entries' },
  ]);
});

it('ends a file after its last byte; a file of unknown size nowhere', () => {
  expect(pastEnd(10n, 5n, 15)).toBe(false);
  expect(pastEnd(10n, 6n, 15)).toBe(true);
  expect(pastEnd(2n ** 63n, 2n ** 63n, null)).toBe(false);
});
