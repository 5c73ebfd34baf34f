import { expect, test } from 'vitest';
import { FINDINGS } from '../../../../src/model/finding.ts';
import { findingsSection, securitySection } from '../../../../src/report/html/page/findings.ts';
import { decided, READ, row, summaryOf } from '../../made-images.ts';
import { bodyText, fullSummary } from '../made-report.ts';

test('security comes with its paragraphs, and mismatches', () => {
  const summary = fullSummary();
  const text = bodyText(securitySection(summary));
  expect(text).toContain('2 images read, 1 could not be read');
  expect(text).toContain('error the image names a backing file 2 images');
  expect(text).toContain('CVE-2015-5163');
  expect(text).toContain('raw / bare disk/qcow2 2 bad-bytes');
  const other = { ...summary, content: summary.content && { ...summary.content, otherMismatches: 9 } };
  expect(bodyText(securitySection(other))).toContain('9 more images are not listed separately');
});

test('what nobody read is not called safe', () => {
  const blind = securitySection(summaryOf([[row({}), decided(), 2]]));
  expect([blind.badge, bodyText(blind)]).toEqual(['unknown', expect.stringContaining('No image was read')]);
  const unread = securitySection(summaryOf([[row({}), decided({ content: { kind: 'unread' } }), 2]]));
  expect([unread.badge, bodyText(unread)]).toEqual(['unknown', expect.not.stringContaining('Nothing dangerous')]);
  const read = securitySection(summaryOf([[row({}), decided({ content: READ }), 2]]));
  expect([read.badge, bodyText(read)]).toEqual(['0', expect.stringContaining('Nothing dangerous')]);
});

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
