import { describe, expect, test } from 'vitest';
import { verdictPart } from '../../../../src/report/html/page/verdict.ts';
import type { PlanReport } from '../../../../src/report/plan/report.ts';
import { decided, HEADER, READ, reportOf, row, summaryOf } from '../../made-images.ts';
import { TITLES, TWO, TWO_RELEASES } from '../../made-services.ts';
import { fullReport, fullSummary, textOf } from '../made-report.ts';

const plan = reportOf(fullSummary());

function firstScreen(report: PlanReport): string {
  return textOf(verdictPart(report).toString());
}

describe('the first screen', () => {
  test('has the figures of the summary', () => {
    const text = firstScreen(plan);
    expect(text).toContain('Not ready: 10 of 60 images are undecided, 50 decided.');
    expect(text).toContain('Undecided 10 3 questions');
    expect(text).toContain(
      'Break at the cutover 4 of 50 images decided are not used afterwards as today; the undecided are not counted',
    );
    expect(text).toContain(
      'Dangerous content at least 2 2 images looked into, 1 could not be read, 57 not looked into; to look: plan --probe all',
    );
    expect(text).toContain('Decided 50 of 60 images that can be classified; 65 in all');
  });

  test('never says 0 of what nobody looked at', () => {
    const blind = reportOf(summaryOf([[row({}), decided(), 2]]));
    expect(firstScreen(blind)).toContain(
      'Dangerous content unknown no image was looked into; to look: plan --probe all',
    );
    const unread = reportOf(summaryOf([[row({}), decided({ content: { kind: 'unread' } }), 2]]));
    expect(firstScreen(unread)).toContain('Dangerous content unknown 0 images looked into, 2 could not be read');
  });

  test('says that nothing was written, and how long migrate will take', () => {
    expect(firstScreen(plan)).toMatch(/Nothing was written to the database\. .*migrate will take less than a minute/);
    const migrated = { ...plan, occasion: { kind: 'migrate', run: 7, written: 1, leftAlone: 0 } } as const;
    expect(firstScreen(migrated)).not.toMatch(/Nothing was written|migrate will take/);
  });

  test('says what improves beside what breaks', () => {
    const summary = summaryOf([
      [row({}), decided({ novaToday: 'refuse', services: [] }), 2],
      [row({}), decided(), 1],
    ]);
    expect(firstScreen(reportOf(summary))).toContain(
      'Break at the cutover 0 of 3 images decided are not used afterwards as today; 2 more improve',
    );
  });

  test('says what a release will refuse', () => {
    const compared = reportOf(TWO_RELEASES, { header: { ...HEADER, ...TWO }, serviceTitles: TITLES });
    expect(firstScreen(compared)).toContain('OpenStack 2025.2 will refuse what works in 2024.2: Nova 3 images.');
  });

  test('is calm only where every image was looked into', () => {
    const all = summaryOf([[row({}), decided({ content: READ }), 2]]);
    const some = summaryOf([
      [row({}), decided({ content: READ }), 2],
      [row({}), decided()],
    ]);
    const tile = (page: string): string => /class="tile (\w+)">\s*<dt>Dangerous content/.exec(page)?.[1] ?? '';
    expect(tile(verdictPart(reportOf(all)).toString())).toBe('good');
    expect(tile(verdictPart(reportOf(some)).toString())).toBe('plain');
    expect(tile(verdictPart(plan).toString())).toBe('bad');
  });

  test('counts undecided images without a question of their own', () => {
    const summary = { ...plan.summary, undecided: plan.summary.undecided.slice(0, 1), otherUndecided: 3 };
    expect(firstScreen({ ...plan, summary })).toContain('Undecided 10 1 question, 3 in further groups');
  });

  test('of a migration and of a verification', () => {
    const migrated = { ...plan, occasion: { kind: 'migrate', run: 7, written: 1, leftAlone: 2 } } as const;
    expect(firstScreen(migrated)).toContain('Left alone 2');
    expect(firstScreen(fullReport())).toContain('Differences 3 between what is stored and what would be stored now');
  });
});
