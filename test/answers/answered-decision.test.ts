import { describe, expect, it } from 'vitest';

import { answeredDecision } from '../../src/answers/answered-decision.ts';
import { decide, evidence, outcomeText } from '../rules/evidence-builder.ts';
import { byHand } from './support/answers-file.ts';

function answered(disk: string, container: string, answer: string, question: string | null = 'q') {
  const base = decide(evidence(disk, container));
  if (base.status === 'not-applicable') throw new Error(base.status);
  const [given] = byHand(
    `  - { id: a, images: [i], answer: ${answer}, author: ada, date: 2026-11-24, reason: seen }\n`,
  ).answers;
  if (given === undefined) throw new Error('no answer');
  return { base, decision: answeredDecision(base, given, question) };
}

describe('an answer applied to a decision', () => {
  it('keeps the evidence and adds a line about the person', () => {
    const { base, decision } = answered('raw', 'bare', 'kernel/raw');
    expect(outcomeText(decision)).toBe('inferred kernel/raw');
    expect(decision.evidence.slice(0, -1)).toEqual(base.evidence);
    expect(decision.evidence.at(-1)).toEqual({
      kind: 'operator',
      detail: 'answered kernel/raw by ada on 2026-11-24: seen (answers.yaml:2)',
    });
    expect(decision).toMatchObject({ rule: 'answer:a', reason: 'seen', answered: { answer: 'a', question: 'q' } });
    expect(Object.isFrozen(decision)).toBe(true);
  });

  it.each([
    ['raw', 'kernel/raw', 'candidate', []],
    ['raw', 'disk/qcow2', 'outside', ['ANSWER_OUTSIDE_CANDIDATES']],
  ] as const)('to %s with %s is %s', (disk, answer, agreement, findings) => {
    const { decision } = answered(disk, 'bare', answer);
    expect(decision.answered?.agreement).toBe(agreement);
    expect(decision.findings.filter((code) => code.startsWith('ANSWER_'))).toEqual(findings);
  });

  it('that leaves an undecided image changes neither its status nor its rule', () => {
    const { base, decision } = answered('raw', 'bare', 'leave');
    expect([outcomeText(decision), decision.rule]).toEqual([outcomeText(base), base.rule]);
  });

  it('that leaves a decided image makes it unmappable, so that nothing is written', () => {
    const { decision } = answered('aki', 'aki', 'leave', null);
    expect([outcomeText(decision), decision.rule]).toEqual(['unmappable kernel', 'answer:a']);
  });
});
