import { expect, it } from 'vitest';

import type { ServiceVerdict } from '../../../src/model/service-prediction.ts';
import { releasesText, remedyText, verdictText } from '../../../src/report/words/service-words.ts';

const ACCEPTED: ServiceVerdict = { kind: 'accepted', basis: 'inspected' };
const UNSAFE: ServiceVerdict = { kind: 'refused', step: 'safety', check: 'mbr', why: 'no partition', remedies: [] };
const OTHER: ServiceVerdict = { ...UNSAFE, step: 'comparison', check: 'comparison', why: 'found to be gpt' };

it('a verdict says whether the bytes were looked at, which check or step refuses, and what was not seen', () => {
  expect(verdictText(ACCEPTED)).toBe('accepted');
  expect(verdictText({ kind: 'accepted', basis: 'not-inspected' })).toBe('accepted, not inspected');
  expect(verdictText(UNSAFE)).toBe('refused by the check mbr (safety): no partition');
  expect(verdictText(OTHER)).toBe('refused by the step comparison: found to be gpt');
  expect(verdictText({ kind: 'unknown', why: 'the bytes were not read' })).toBe('unknown: the bytes were not read');
});

it('releases are named, the one that runs today first', () => {
  expect(
    [
      { release: 'B', before: 'A' },
      { release: 'B', before: null },
    ].map(releasesText),
  ).toEqual(['OpenStack A to B', 'OpenStack B']);
});

it('a remedy is an instruction', () => {
  expect(remedyText({ kind: 'word', diskFormat: 'raw', containerFormat: 'bare' })).toBe(
    'upload the same bytes as raw / bare',
  );
  expect(remedyText({ kind: 'conversion', to: 'qcow2' })).toBe(
    'convert it: qemu-img convert -O qcow2, and upload the result as qcow2',
  );
  expect(remedyText({ kind: 'option', option: '[workarounds]x', value: 'True' })).toBe('set [workarounds]x = True');
});
