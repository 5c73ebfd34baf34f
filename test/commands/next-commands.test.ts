import { describe, expect, it } from 'vitest';

import { nextAfterPlan } from '../../src/commands/next-commands.ts';
import { createPlanSummary } from '../../src/report/plan/summary.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';

function summaryOf(...disks: readonly string[]) {
  const summary = createPlanSummary();
  for (const disk of disks) {
    const image = evidence(disk, 'bare');
    summary.add(image, decide(image));
  }
  return summary.result();
}
const DECIDED = { summary: summaryOf('qcow2'), target: null, answers: null };
const OPEN = { summary: summaryOf('raw'), target: 'columns', answers: null };
const commands = (...given: Parameters<typeof nextAfterPlan>): readonly string[] =>
  nextAfterPlan(...given).map((line) => line.replace(/ {5}#.*/, ''));

describe('after a plan', () => {
  it('comes expand, and migrate where that is done', () => {
    expect(commands({ glanceConf: ['g'] }, DECIDED)).toEqual(['glance-retype expand --glance-conf g']);
    expect(commands({ rules: ['r'] }, { ...DECIDED, target: 'table' })).toEqual(['glance-retype migrate --rules r']);
  });

  it('of undecided images come their questions', () => {
    expect(commands({}, OPEN)).toEqual(['glance-retype plan --questions answers.yaml', 'glance-retype migrate']);
  });

  it('that wrote questions comes the walk, and a plan with its answers', () => {
    expect(commands({ questions: 'my q.yaml' }, OPEN)).toEqual([
      "glance-retype questions 'my q.yaml'",
      "glance-retype plan --answers 'my q.yaml'",
    ]);
  });

  it('with answers that migrate would refuse comes their confirmation', () => {
    const remark = { kind: 'grown', place: 'a:1', text: '', weight: 'refuses' } as const;
    const answers = { file: 'a', digest: 'd', effects: [], remarks: [remark] };
    expect(commands({ answers: 'a' }, { ...OPEN, answers })).toEqual([
      'glance-retype plan --answers a --questions a',
      'glance-retype questions a',
    ]);
  });
});
