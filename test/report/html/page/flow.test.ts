import { expect, test } from 'vitest';
import { flowSection } from '../../../../src/report/html/page/flow.ts';
import { summaryOf } from '../../made-images.ts';
import { bodyText, fullSummary } from '../made-report.ts';

test('the table of the flow has every tuple, and says what it leaves out', () => {
  const summary = fullSummary();
  const text = bodyText(flowSection(summary));
  expect(text).toContain('qcow2 / bare 40 inferred disk/qcow2 RULE the reason');
  expect(text).toContain('raw / bare 7 ambiguous disk/raw or filesystem/raw RULE');
  expect(text).toContain('iso / bare 5 not-applicable nothing to classify NA-DELETED');
  const otherTuples = { ...summary.otherTuples, count: 12 };
  expect(bodyText(flowSection({ ...summary, otherTuples }))).toContain('12 images of further spellings');
});

test('a database without images has no picture and no table', () => {
  const { body } = flowSection(summaryOf([]));
  expect(body.toString()).toBe('<p>There are no images.</p>');
});
