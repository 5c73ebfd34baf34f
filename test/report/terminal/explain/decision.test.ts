import { expect, it } from 'vitest';

import type { Decision } from '../../../../src/model/decision.ts';
import { decisionSection, findingsSection } from '../../../../src/report/terminal/explain/decision.ts';
import { traceDecision } from '../../../../src/rules/trace/trace.ts';
import { evidence, table } from '../../../rules/evidence-builder.ts';
import { ambiguous, classification, decided, notApplicable, READ, unmappable } from '../../made-images.ts';

const PLAIN = { width: 200, colour: 'plain' } as const;
const image = evidence('raw', 'bare');
const trace = traceDecision(image, table);

const lines = (decision: Decision): readonly string[] =>
  decisionSection({ evidence: image, trace, decision, stored: { kind: 'not-expanded' } }, PLAIN).split('\n');

it('a decided image: rule, one-field word, Nova today and afterwards', () => {
  const decision = decided({ disposition: 'refuse', content: { ...READ, refusal: 'declared raw, found qcow2' } });
  expect(lines(decision)).toEqual([
    'Decision: inferred, disk/qcow2',
    '  rule        RULE: the reason',
    '  one field   qcow2',
    '  Nova today  boots as a disk',
    '  afterwards  will be refused',
    '  refused     by Nova and Glance of 2024 and later: declared raw, found qcow2',
  ]);
  expect(lines(decided({ oneField: { format: null, why: 'no word for it' } }))[2]).toBe('  one field   no word for it');
});

it('an undecided image: what is left, and its question', () => {
  expect(lines(ambiguous()).slice(0, 3)).toEqual([
    'Decision: ambiguous, disk/raw or filesystem/raw',
    '  rule        RULE: the reason',
    expect.stringMatching(/^ {2}question {4}raw-bare-[0-9a-f]{8}$/),
  ]);
  expect(lines(unmappable({ imageType: 'other', envelope: 'tgz' }))[0]).toBe(
    'Decision: unmappable, other in no known container, in tgz',
  );
  expect(lines(notApplicable())).toHaveLength(3);
});

it('an answer that no candidate is says so, and that the rules decide the image without it', () => {
  const decision = decided({
    classification: classification('disk', 'raw'),
    answered: { answer: 'a-1', question: null, agreement: 'outside' },
  });
  expect(lines(decision)).toContain(
    '  your answer  a-1, not among the candidates; the rules decide the image without it',
  );
});

it('findings come with their paragraphs', () => {
  const text = findingsSection(decided({ findings: ['KERNEL_MISSING'] }), PLAIN);
  expect(text).toMatch(/^Findings\n {2}KERNEL_MISSING \(error\): .*\n {4}The image names/);
  expect(findingsSection(decided(), PLAIN)).toBe('');
});
