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

  it('of undecided images comes one command: the one that writes their questions, with the same options', () => {
    expect(commands({}, OPEN)).toEqual(['glance-retype plan --questions answers.yaml']);
    expect(commands({ glanceConf: ['g'], rules: ['r'] }, OPEN)).toEqual([
      'glance-retype plan --glance-conf g --rules r --questions answers.yaml',
    ]);
    expect(commands({ answers: 'a' }, OPEN)).toEqual(['glance-retype plan --answers a --questions a']);
  });

  it('repeats what was said of services where the command takes it: migrate writes nothing of them', () => {
    const given = { openstack: 'a..b', novaBackend: 'flat', services: 's.yaml' };
    const tail = '--openstack a..b --nova-backend flat --services s.yaml';
    expect(commands(given, OPEN)).toEqual([`glance-retype plan ${tail} --questions answers.yaml`]);
    expect(commands(given, { ...DECIDED, target: 'table' })).toEqual(['glance-retype migrate']);
  });

  it('that wrote questions comes the walk alone', () => {
    expect(commands({ questions: 'my q.yaml' }, OPEN)).toEqual(["glance-retype questions 'my q.yaml'"]);
  });

  it('that wrote questions and left nothing undecided comes expand', () => {
    expect(commands({ questions: 'q.yaml' }, DECIDED)).toEqual(['glance-retype expand']);
  });

  it('with answers that migrate would refuse comes their confirmation, once the file is up to date', () => {
    const remark = { kind: 'grown', place: 'a:1', text: '', weight: 'refuses' } as const;
    const answers = { file: 'a', digest: 'd', effects: [], remarks: [remark] };
    expect(commands({ answers: 'a' }, { ...DECIDED, answers })).toEqual([
      'glance-retype plan --answers a --questions a',
    ]);
    expect(commands({ answers: 'a', questions: 'a' }, { ...DECIDED, answers })).toEqual(['glance-retype questions a']);
  });
});
