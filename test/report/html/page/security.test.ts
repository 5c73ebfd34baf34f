import { expect, test } from 'vitest';
import { securitySection } from '../../../../src/report/html/page/security.ts';
import { decided, READ, row, summaryOf } from '../../made-images.ts';
import { bodyText, fullSummary } from '../made-report.ts';

test('security comes with its paragraphs, mismatches and refusals', () => {
  const summary = fullSummary();
  const text = bodyText(securitySection(summary));
  expect(text).toContain('2 images read, 1 could not be read');
  expect(text).toContain('error the image names a backing file 2 images');
  expect(text).toContain('CVE-2015-5163');
  expect(text).toContain('raw / bare disk/qcow2 2 bad-bytes');
  expect(text).toContain('already today: 2 images');
  expect(text).toContain('a backing file 2 bad-bytes');
  const other = { ...summary, content: summary.content && { ...summary.content, otherMismatches: 9 } };
  expect(bodyText(securitySection(other))).toContain('9 more images are not listed separately');
});

test('what nobody read is not called safe', () => {
  const blind = securitySection(summaryOf([[row({}), decided(), 2]]));
  expect([blind.badge, bodyText(blind)]).toEqual(['?', expect.stringContaining('No image was read')]);
  const unread = securitySection(summaryOf([[row({}), decided({ content: { kind: 'unread' } }), 2]]));
  expect([unread.badge, bodyText(unread)]).toEqual(['?', expect.not.stringContaining('Nothing dangerous')]);
  const read = securitySection(summaryOf([[row({}), decided({ content: READ }), 2]]));
  expect([read.badge, bodyText(read)]).toEqual(['0', expect.stringContaining('Nothing dangerous')]);
});
