import { describe, expect, test } from 'vitest';
import { flowSection, sharesSection } from '../../../../src/report/html/page/outcomes.ts';
import { ambiguous, decided, notApplicable, row, summaryOf } from '../../made-images.ts';
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

describe('shares', () => {
  test('has every status with count and share, and why images have nothing to type', () => {
    const text = bodyText(sharesSection(fullSummary()));
    expect(text).toContain('inferred 50 76.9 %');
    expect(text).toContain('ambiguous 7 10.7 %');
    expect(text).toContain('unmappable 3 4.6 %');
    expect(text).toContain('not-applicable 5 7.6 %');
    expect(text).toContain('exact 0 0.0 %');
    expect(text).toContain('all 65 100.0 %');
    expect(text).toContain('the row is soft-deleted 5 NA-DELETED');
  });

  test('the parts of the bar fill it', () => {
    const summary = summaryOf([
      [row({}), decided(), 2000],
      [row({}), ambiguous()],
      [row({}), notApplicable()],
    ]);
    const page = sharesSection(summary).body.toString();
    const widths = [...page.matchAll(/<svg x="[\d.]+%" width="([\d.]+)%"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(3);
    expect(widths.reduce((total, width) => total + width, 0)).toBeCloseTo(100, 1);
    expect(Math.min(...widths)).toBeGreaterThan(0.3);
  });
});
