import { describe, expect, test } from 'vitest';

import { verdictOf } from '../../../src/report/words/verdict.ts';
import type { Occasion, PlanReport } from '../../../src/report/plan/report.ts';
import { ambiguous, decided, notApplicable, reportOf, row, summaryOf, unmappable } from '../made-images.ts';
import { effect, remark, review } from '../html/made-report.ts';

const ready = reportOf(summaryOf([[row({}), decided(), 3]]));
const partly = reportOf(
  summaryOf([
    [row({}), decided(), 3],
    [row({ diskFormat: 'raw' }), ambiguous(), 1],
    [row({ diskFormat: 'x' }), unmappable(), 1],
    [row({}), notApplicable(), 2],
  ]),
);
const verified: Occasion = { kind: 'verify', differences: [], sample: [] };
const differing: Occasion = {
  kind: 'verify',
  differences: [
    { kind: 'a', title: 'a', count: 2 },
    { kind: 'b', title: 'b', count: 5 },
  ],
  sample: [],
};

function migrated(leftAlone: number): Occasion {
  return { kind: 'migrate', run: 3, written: 1204, leftAlone };
}

function told(report: PlanReport): string {
  const { tone, headline, notes } = verdictOf(report);
  return [tone, headline, ...notes].join(' | ');
}

describe('a plan', () => {
  test('is ready where nothing is undecided', () => {
    expect(told(ready)).toBe('good | Ready: all 3 images that can be classified are decided.');
  });

  test('is not ready otherwise, and says who is outside', () => {
    expect(told(partly)).toBe(
      'warn | Not ready: 2 of 5 images are undecided, 3 decided. | 2 more images have no payload to classify (queued, deleted, volume-backed).',
    );
  });

  test('counts images that no question was kept for', () => {
    const report = { ...partly, summary: { ...partly.summary, undecided: [], otherUndecided: 2 } };
    expect(told(report)).toContain('2 of 5 images are undecided');
  });

  test('of nothing', () => {
    expect(told(reportOf(summaryOf([])))).toBe('good | No images: there is nothing to decide.');
    expect(told(reportOf(summaryOf([[row({}), notApplicable(), 4]])))).toBe(
      'good | None of 4 images has a payload: there is nothing to decide.',
    );
    expect(told(reportOf(summaryOf([[row({}), ambiguous(), 4]])))).toBe(
      'bad | Not ready: no image is decided, 4 are undecided.',
    );
  });

  test('with answers that are refused is not ready, however much is decided', () => {
    const answers = review({ remarks: [remark(), remark({ weight: 'refuses' })] });
    expect(told({ ...ready, answers })).toBe(
      'bad | Not ready: 1 remark on your answers must be resolved before migrate can start. | 3 images are decided, 0 undecided. | Your answers in answers.yaml decide 9 images.',
    );
    expect(told({ ...ready, answers: review({ remarks: [remark()] }) })).toMatch(/^good \| Ready: /);
  });

  test('says which of the undecided are so by an answer', () => {
    const answers = review({ effects: [effect({ value: { kind: 'leave' }, settled: 0 })] });
    const summary = { ...partly.summary, undecided: partly.summary.undecided.slice(0, 1) };
    expect(told({ ...partly, summary, answers })).toContain('Your answers leave 1 of them undecided');
    expect(told({ ...partly, answers })).not.toContain('leave them');
  });
});

describe('a migration', () => {
  test('tells what it wrote and what it left alone', () => {
    expect(told({ ...ready, occasion: migrated(0) })).toBe(
      'good | Migrated: all 3 images that can be classified are decided. | Run 3 wrote 1,204 decisions into the journal.',
    );
    expect(told({ ...ready, occasion: migrated(2) })).toMatch(/^warn \| Migrated in part: 2 images not written/);
    expect(told({ ...partly, occasion: migrated(0) })).toMatch(
      /^warn \| Migrated in part: 2 of 5 images are undecided/,
    );
  });
});

describe('a verification', () => {
  test('is bad with differences, good without, and neither where images are undecided', () => {
    expect(told({ ...ready, occasion: differing })).toBe(
      'bad | Not verified: 7 differences from what is stored. | 3 images are decided, 0 undecided.',
    );
    expect(told({ ...ready, occasion: verified })).toBe(
      'good | Verified: all 3 images that can be classified are decided.',
    );
    expect(told({ ...partly, occasion: verified })).toMatch(/^warn \| Verified, but not ready: 2 of 5/);
  });
});
