import { describe, expect, test } from 'vitest';

import { FINDINGS } from '../../../src/model/finding.ts';
import type { Question } from '../../../src/model/question.ts';
import { pageEnd, pageStart } from '../../../src/report/html/page/page.ts';
import type { PlanReport } from '../../../src/report/plan/report.ts';
import { ambiguous, decided, notApplicable, READ, reportOf, row, summaryOf, classification } from '../made-images.ts';
import { effect, fullReport, fullSummary, remark, review, sectionText, textOf } from './made-report.ts';

function drawn(report: PlanReport): string {
  return pageStart(report, { policy: '', extraStyle: '' }) + pageEnd();
}

function firstScreen(report: PlanReport): string {
  const page = drawn(report);
  return textOf(page.slice(page.indexOf('<section class="verdict'), page.indexOf('</section>')));
}

const plan = reportOf(fullSummary());

describe('the first screen', () => {
  test('has the figures of the summary', () => {
    const text = firstScreen(plan);
    expect(text).toContain('Not ready: 10 of 60 images are undecided, 50 decided.');
    expect(text).toContain('Undecided 10 3 questions');
    expect(text).toContain(
      'Behave differently 4 after the cutover, of 50 images decided; the undecided are not counted',
    );
    expect(text).toContain('Dangerous content 2 2 images looked into, 1 could not be read, 57 not looked into');
    expect(text).toContain('Decided 50 of 60 images that can be typed; 65 in all');
  });

  test('never says 0 of what nobody looked at', () => {
    const blind = reportOf(summaryOf([[row({}), decided(), 2]]));
    expect(firstScreen(blind)).toContain('Dangerous content not known nobody looked into the images');
    expect(sectionText(drawn(blind), 'security')).toContain('Nobody looked into the images');
    const unread = reportOf(summaryOf([[row({}), decided({ content: { kind: 'unread' } }), 2]]));
    expect(firstScreen(unread)).toContain('Dangerous content not known 0 images looked into, 2 could not be read');
    expect(sectionText(drawn(unread), 'security')).not.toContain('Nothing dangerous');
  });

  test('is calm only where every image was looked into', () => {
    const all = summaryOf([[row({}), decided({ content: READ }), 2]]);
    const some = summaryOf([
      [row({}), decided({ content: READ }), 2],
      [row({}), decided()],
    ]);
    const tile = (page: string): string => /class="tile (\w+)">\s*<dt>Dangerous content/.exec(page)?.[1] ?? '';
    expect(tile(drawn(reportOf(all)))).toBe('good');
    expect(tile(drawn(reportOf(some)))).toBe('plain');
    expect(tile(drawn(plan))).toBe('bad');
  });

  test('counts undecided images without a question of their own', () => {
    const summary = { ...plan.summary, undecided: plan.summary.undecided.slice(0, 1), otherUndecided: 3 };
    expect(firstScreen({ ...plan, summary })).toContain('Undecided 10 1 question, 3 in further groups');
    expect(sectionText(drawn({ ...plan, summary }), 'questions')).toContain('3 images in further groups');
  });

  test('of a migration and of a verification', () => {
    const migrated = { ...plan, occasion: { kind: 'migrate', run: 7, written: 1, leftAlone: 2 } } as const;
    expect(firstScreen(migrated)).toContain('Left alone 2');
    expect(sectionText(drawn(migrated), 'occasion')).toContain('run 7 written 1 row of the journal');
    expect(firstScreen(fullReport())).toContain('Differences 3 between what is stored and what would be stored now');
    const text = sectionText(drawn(fullReport()), 'occasion');
    expect(text).toContain('The first 1 of 3');
    expect(text).toContain('changed-1 legacy-changed raw/bare qcow2/bare');
  });
});

describe('shares', () => {
  test('has every status with count and share, and why images have nothing to type', () => {
    const text = sectionText(drawn(plan), 'shares');
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
    const page = drawn(reportOf(summary));
    const widths = [...page.matchAll(/<svg x="[\d.]+%" width="([\d.]+)%"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(3);
    expect(widths.reduce((total, width) => total + width, 0)).toBeCloseTo(100, 1);
    expect(Math.min(...widths)).toBeGreaterThan(0.3);
  });
});

test('the cutover has sentences and a matrix in which what differs is marked', () => {
  const page = drawn(plan);
  const text = sectionText(page, 'cutover');
  expect(text).toContain('4 of the 50 images decided will behave differently:');
  expect(text).toContain('4 images that Nova boots as a disk today will be used as a kernel');
  expect(text).toContain('boot-disk 46 ≠ 4 changed');
  expect(text).toContain('The 10 images undecided are not counted');
  const same = drawn(reportOf(summaryOf([[row({}), decided()]])));
  expect(sectionText(same, 'cutover')).toContain('Nothing changes for the 1 image decided');
  expect(same.slice(same.indexOf('<body'))).not.toContain('≠ <');
});

describe('questions', () => {
  test('each has everything that an answer needs', () => {
    const text = sectionText(drawn(plan), 'questions');
    const [question] = plan.summary.undecided;
    expect(text).toContain('3 questions about 10 images');
    expect(text).toContain('raw / bare 7 images ambiguous');
    expect(text).toMatch(/could be disk\/raw likeliest filesystem\/raw why the reason \(rule RULE \)/);
    expect(text).toContain('property: os_type is set (all)');
    expect(text).toContain('plan --probe undecided');
    expect(text).toContain('00000000-0000-4000-8000-000000000001 “ cirros ”');
    expect(text).toContain('no name');
    expect(text).toContain(`answer as ${question?.id}`);
    expect(text).toContain('other , container unknown, in tgz');
  });

  test('are written by the very command of this report, where it names one', () => {
    const next = ['glance-retype plan --glance-conf g.conf --questions mine.yaml     # ask', 'glance-retype expand'];
    expect(sectionText(drawn({ ...plan, next }), 'questions')).toContain(
      'glance-retype plan --glance-conf g.conf --questions mine.yaml # ask Copy glance-retype questions mine.yaml Copy',
    );
  });

  test('the tail is folded away, and nothing of it is lost', () => {
    const [like] = plan.summary.undecided;
    if (like === undefined) throw new Error('no question');
    const many: readonly Question[] = Array.from({ length: 30 }, (_, index) => ({
      ...like,
      id: `q${index}`,
      count: 2,
    }));
    const page = drawn({ ...plan, summary: { ...plan.summary, undecided: many } });
    expect(page.split('<article class="question')).toHaveLength(31);
    expect(sectionText(page, 'questions')).toContain('5 more questions, 10 images');
    const opened = page.indexOf('<details', page.indexOf('id="questions"'));
    expect(page.indexOf('id="q-q24"')).toBeLessThan(opened);
    expect(page.indexOf('id="q-q25"')).toBeGreaterThan(opened);
  });

  test('none', () => {
    const page = drawn(reportOf(summaryOf([[row({}), decided()]])));
    expect(sectionText(page, 'questions')).toContain('Nothing is left to ask.');
  });
});

test('answers: what each does, and what refuses before what warns', () => {
  const answers = review({
    effects: [effect(), effect({ id: 'later', value: { kind: 'leave' } })],
    remarks: [remark({ text: 'second' }), remark({ text: 'first', weight: 'refuses', place: 'answers.yaml:2' })],
  });
  const text = sectionText(drawn({ ...plan, answers }), 'answers');
  expect(text.indexOf('answers.yaml:2 refuses first')).toBeGreaterThan(0);
  expect(text.indexOf('answers.yaml:2 refuses first')).toBeLessThan(text.indexOf('warns second'));
  expect(text).toContain('meet 22 images: 18 were undecided and are settled, 4 were decided otherwise');
  expect(text).toContain('filesystem/raw 11 9 2 1 against a proof 3 not among the candidates 10 when answered, 12 now');
  expect(text).toContain('leave undecided');
  expect(text).toContain('Ada, 2026-11-24 they said so');
  expect(drawn(plan)).not.toContain('id="answers"');
});

test('security comes with its paragraphs, mismatches and refusals', () => {
  const text = sectionText(drawn(plan), 'security');
  expect(text).toContain('2 images read, 1 could not be read');
  expect(text).toContain('error the image names a backing file 2 images');
  expect(text).toContain('CVE-2015-5163');
  expect(text).toContain('raw / bare disk/qcow2 2 bad-bytes');
  expect(text).toContain('already today: 2 images');
  expect(text).toContain('a backing file 2 bad-bytes');
  const other = { ...plan.summary, content: plan.summary.content && { ...plan.summary.content, otherMismatches: 9 } };
  expect(sectionText(drawn({ ...plan, summary: other }), 'security')).toContain('9 more images are not kept apart');
});

test('findings: the worst first, each with its paragraph', () => {
  const text = sectionText(drawn(plan), 'findings');
  const places = ['Errors', FINDINGS.KERNEL_MISSING.text, 'Warnings', FINDINGS.CONTENT_UNREAD.text, 'For information'];
  const found = places.map((place) => text.indexOf(place));
  expect(found.every((place) => place >= 0)).toBe(true);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  expect(text).toContain(FINDINGS.OVF_UNVERIFIED.text);
});

test('one field and two: what each says and loses', () => {
  const text = sectionText(drawn(plan), 'models');
  expect(text).toContain('Without the envelope they would lose that 3 (6.0 %) must be unwrapped first.');
  expect(text).toContain('It has a word for 47 of 50 images (94.0 %). It loses 3 (6.0 %).');
  expect(text).toContain('disk/vhdx in ova 3 no word for vhdx');
  expect(text).toContain('disk/vhdx 3');
  const plain = reportOf(
    summaryOf([[row({}), decided({ classification: classification('disk', 'raw'), oneField: { format: 'raw' } })]]),
  );
  const none = sectionText(drawn(plain), 'models');
  expect(none).toContain('They lose nothing here.');
  expect(none).toContain('It loses nothing here.');
});

test('the table of the flow has every tuple, and says what it leaves out', () => {
  const text = sectionText(drawn(plan), 'flow');
  expect(text).toContain('qcow2 / bare 40 inferred disk/qcow2 RULE the reason');
  expect(text).toContain('raw / bare 7 ambiguous disk/raw or filesystem/raw RULE');
  expect(text).toContain('iso / bare 5 not-applicable nothing to type NA-DELETED');
  const otherTuples = { ...plan.summary.otherTuples, count: 12 };
  const cut = drawn({ ...plan, summary: { ...plan.summary, otherTuples } });
  expect(sectionText(cut, 'flow')).toContain('12 images of further spellings');
});

test('about: what the report was made from', () => {
  const text = sectionText(drawn(plan), 'about');
  for (const part of [
    'mysql://glance@db1/glance',
    'MariaDB 10.11.6',
    '2024.1',
    'sha256:abc',
    '0.1.0',
    '2026-01-31T12:00:00Z',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('results go to nowhere yet');
});
