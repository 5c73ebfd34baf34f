import { expect, test } from 'vitest';
import { FINDINGS } from '../../../../src/model/finding.ts';
import { findingsSection } from '../../../../src/report/html/page/findings.ts';
import { decided, row, summaryOf } from '../../made-images.ts';
import { bodyText, fullSummary } from '../made-report.ts';

test('findings: the worst first, each with its paragraph', () => {
  const text = bodyText(findingsSection(fullSummary()));
  const places = ['Errors', FINDINGS.KERNEL_MISSING.text, 'Warnings', FINDINGS.CONTENT_UNREAD.text, 'For information'];
  const found = places.map((place) => text.indexOf(place));
  expect(found.every((place) => place >= 0)).toBe(true);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  expect(text).toContain(FINDINGS.OVF_UNVERIFIED.text);
});

test('the badge counts errors apart', () => {
  expect(findingsSection(fullSummary()).badge).toBe('6, 2 bad');
  expect(findingsSection(summaryOf([[row({}), decided({ findings: ['OVF_UNVERIFIED'] })]])).badge).toBe('1');
  expect(bodyText(findingsSection(summaryOf([])))).toContain('There are none.');
});
