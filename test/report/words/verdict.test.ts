import { describe, expect, test } from 'vitest';

import { lookedInside } from '../../../src/report/plan/looked-inside.ts';
import { verdictOf } from '../../../src/report/words/verdict.ts';
import type { Occasion, PlanReport } from '../../../src/report/plan/report.ts';
import { ambiguous, decided, notApplicable, READ, reportOf, row, summaryOf, unmappable } from '../made-images.ts';
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
    expect(told(ready)).toBe('good | Ready: all 3 images that can be typed are decided.');
  });

  test('is not ready otherwise, and says who is outside', () => {
    expect(told(partly)).toBe(
      'warn | Not ready: 2 of 5 images are undecided, 3 decided. | 2 more images have no payload to type (queued, deleted, volume-backed).',
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
      'bad | Not ready: 1 remark on your answers must be settled before migrate begins. | 3 images are decided, 0 undecided. | Your answers in answers.yaml settle 9 images.',
    );
    expect(told({ ...ready, answers: review({ remarks: [remark()] }) })).toMatch(/^good \| Ready: /);
  });

  test('says which of the undecided are so by an answer', () => {
    const answers = review({ effects: [effect({ value: { kind: 'leave' }, settled: 0 })] });
    const summary = { ...partly.summary, undecided: partly.summary.undecided.slice(0, 1) };
    expect(told({ ...partly, summary, answers })).toContain(
      '1 of the undecided stay so because your answers say to leave them',
    );
    expect(told({ ...partly, answers })).not.toContain('leave them');
  });
});

describe('a migration', () => {
  test('tells what it wrote and what it left alone', () => {
    expect(told({ ...ready, occasion: migrated(0) })).toBe(
      'good | Migrated: all 3 images that can be typed are decided. | Run 3 wrote 1,204 decisions into the journal.',
    );
    expect(told({ ...ready, occasion: migrated(2) })).toMatch(/^warn \| Migrated in part: 2 images left alone/);
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
    expect(told({ ...ready, occasion: verified })).toBe('good | Verified: all 3 images that can be typed are decided.');
    expect(told({ ...partly, occasion: verified })).toMatch(/^warn \| Verified, but not ready: 2 of 5/);
  });
});

describe('what is known of the bytes', () => {
  const read = { ...READ, safety: ['BACKING_FILE'] } as const;
  const summary = summaryOf([
    [row({}), decided({ content: read, findings: ['UNSAFE_CONTENT'] }), 2],
    [row({}), decided({ content: READ }), 4],
    [row({}), decided({ content: { kind: 'unread' } }), 3],
    [row({}), decided(), 5],
    [row({}), notApplicable(), 9],
  ]);

  test('counts images, and those not looked into', () => {
    expect(lookedInside(summary)).toEqual({ kind: 'looked', dangerous: 2, caution: 0, read: 6, unread: 3, unasked: 5 });
  });

  test('is nothing where nobody looked', () => {
    expect(lookedInside(partly.summary)).toEqual({ kind: 'nobody' });
  });
});
