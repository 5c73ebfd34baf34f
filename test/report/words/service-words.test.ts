import { expect, it } from 'vitest';

import type { ServiceVerdict } from '../../../src/model/service-prediction.ts';
import { predictionText, releasesText, remedyText, verdictText } from '../../../src/report/words/service-words.ts';

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

it('two releases are told apart only where they differ', () => {
  const both = { release: '2025.2', before: '2024.1' };
  expect(predictionText({ verdict: UNSAFE, before: null }, { release: '2025.2', before: null })).toBe(
    'refused by the check mbr (safety): no partition',
  );
  expect(predictionText({ verdict: UNSAFE, before: ACCEPTED }, both)).toBe(
    '2024.1: accepted; 2025.2: refused by the check mbr (safety): no partition',
  );
  // Refused by another check is a difference too.
  expect(predictionText({ verdict: UNSAFE, before: OTHER }, both)).toMatch(/^2024\.1: .*comparison.*2025\.2: .*mbr/u);
  expect(predictionText({ verdict: ACCEPTED, before: ACCEPTED }, both)).toBe('accepted, in both releases');
  expect([releasesText(both), releasesText({ ...both, before: null })]).toEqual([
    'OpenStack 2024.1 to 2025.2',
    'OpenStack 2025.2',
  ]);
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
