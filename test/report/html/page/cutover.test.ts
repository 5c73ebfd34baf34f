import { expect, test } from 'vitest';
import { cutoverSection, oneFieldSection } from '../../../../src/report/html/page/cutover.ts';
import { classification, decided, row, summaryOf, unmappable } from '../../made-images.ts';
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

test('one field and two: what each says and loses', () => {
  const text = bodyText(oneFieldSection(fullSummary()));
  expect(text).toContain('Without the envelope they would lose that 3 (6.0 %) must be unwrapped first.');
  expect(text).toContain('It has a word for 47 of 50 images (94.0 %). It loses 3 (6.0 %).');
  expect(text).toContain('disk/vhdx in ova 3 no word for vhdx');
  expect(text).toContain('disk/vhdx 3');
  const raw = decided({ classification: classification('disk', 'raw'), oneField: { format: 'raw' } });
  const none = bodyText(oneFieldSection(summaryOf([[row({}), raw]])));
  expect(none).toContain('They lose nothing here.');
  expect(none).toContain('It loses nothing here.');
});
