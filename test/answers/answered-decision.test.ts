import { describe, expect, it } from 'vitest';

import { agreementOf, answeredDecision } from '../../src/answers/answered-decision.ts';
import type { Classification } from '../../src/model/decision.ts';
import { decide, evidence, outcomeText, typed } from '../rules/evidence-builder.ts';
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

  it.each([
    ['raw', 'kernel/raw'],
    ['raw', 'leave'],
    ['vhd', 'filesystem/raw'],
    ['vhd', 'leave'],
  ])('changes nothing of what the services do: %s with %s', (disk, answer) => {
    const { base, decision } = answered(disk, 'bare', answer);
    expect(base.services.length).toBeGreaterThan(1);
    expect(decision.services).toBe(base.services);
    expect(decision.novaToday).toBe(base.novaToday);
    expect(decision.findings.includes('NOVA_REFUSES')).toBe(disk === 'vhd');
  });

  it('that leaves a decided image makes it unmappable, so that nothing is written', () => {
    const { decision } = answered('aki', 'aki', 'leave', null);
    expect([outcomeText(decision), decision.rule]).toEqual(['unmappable kernel', 'answer:a']);
  });
});

const KERNEL: Classification = { imageType: 'kernel', containerType: 'raw', envelope: null };
const DISK: Classification = { imageType: 'disk', containerType: 'raw', envelope: null };
const QCOW2: Classification = { imageType: 'disk', containerType: 'qcow2', envelope: null };

describe('an answer', () => {
  it('to an ambiguous image is a candidate or outside', () => {
    const base = decide(evidence('raw', 'bare'));
    expect(base.status).toBe('ambiguous');
    expect(agreementOf(KERNEL, base)).toBe('candidate');
    expect(agreementOf(QCOW2, base)).toBe('outside');
  });

  it('that repeats a decision is a candidate, and against an exact one it is against a proof', () => {
    const base = decide(evidence('aki', 'aki'));
    expect(base.status).toBe('exact');
    expect(agreementOf(KERNEL, base)).toBe('candidate');
    expect(agreementOf(DISK, base)).toBe('against-proof');
  });

  it('against bytes that are certain is against a proof', () => {
    const base = decide(evidence('raw', 'bare', typed('disk', 'raw', 'certain')));
    expect(agreementOf(KERNEL, base)).toBe('against-proof');
  });

  it('to an unmappable image is a candidate unless it denies the type that is known', () => {
    const base = decide(evidence('zzz', 'yyy'));
    if (base.status !== 'unmappable') throw new Error(base.status);
    expect(agreementOf(DISK, { ...base, imageType: null })).toBe('candidate');
    expect(agreementOf(DISK, { ...base, imageType: 'disk' })).toBe('candidate');
    expect(agreementOf(DISK, { ...base, imageType: 'kernel' })).toBe('outside');
  });
});
