import { expect, test } from 'vitest';
import { oneFieldSection } from '../../../../src/report/html/page/one-field.ts';
import { classification, decided, row, summaryOf } from '../../made-images.ts';
import { bodyText, fullSummary } from '../made-report.ts';

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
