import { expect, test } from 'vitest';
import { cutoverSection } from '../../../../src/report/html/page/cutover.ts';
import { decided, row, summaryOf, unmappable } from '../../made-images.ts';
import { bodyText, fullSummary } from '../made-report.ts';

test('the cutover has sentences and a matrix in which what differs is marked', () => {
  const text = bodyText(cutoverSection(fullSummary()));
  expect(text).toContain('4 of the 50 images decided will behave differently:');
  expect(text).toContain('4 images that Nova boots as a disk today will be used as a kernel');
  expect(text).toContain('boot-disk 46 ≠ 4 changed');
  expect(text).toContain('The 10 images undecided are not counted');
  const same = bodyText(cutoverSection(summaryOf([[row({}), decided()]])));
  expect(same).toContain('Nothing changes for the 1 image decided');
  expect(same).not.toMatch(/≠ \d/);
});

test('nothing is said of a cutover without decisions', () => {
  const text = bodyText(cutoverSection(summaryOf([[row({}), unmappable(), 2]])));
  expect(text).toContain('No image is decided, so nothing can be said.');
  expect(text).toContain('The 2 images undecided are not counted');
});
