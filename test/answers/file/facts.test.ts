import { describe, expect, test } from 'vitest';

import { factsOf } from '../../../src/answers/file/block.ts';
import { readAnswers } from '../../../src/answers/read/answers.ts';
import { factsSignature, type QuestionFacts, type QuestionsFacts } from '../../../src/answers/file/facts.ts';
import { ASKED_BY, fileOf, question, written } from '../support/questions-builder.ts';

const A = question('raw-bare-0000000a', 100);
const B = question('raw-bare-0000000b', 50);
const FACTS: QuestionsFacts = { plan: ASKED_BY, questions: [factsOf(A), factsOf(B)] };

describe('the signature', () => {
  test('never changes: files that were signed by an earlier version stay valid', () => {
    expect(factsSignature(FACTS)).toBe('sha256:da92ff10a5b3093b641178cf6583271301c3d309624e4d7dfbbc978102a8901d');
  });

  test('does not depend on the order of the questions', () => {
    expect(factsSignature({ ...FACTS, questions: FACTS.questions.toReversed() })).toBe(factsSignature(FACTS));
    expect(factsSignature(FACTS)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('every fact is under it', () => {
    const [first = factsOf(A), second = factsOf(B)] = FACTS.questions;
    const changes: Partial<QuestionFacts>[] = [
      { id: 'x' },
      { images: 101 },
      { imagesNow: 7 },
      { diskFormat: null },
      { containerFormat: 'ami' },
      { status: 'unmappable' },
      { rule: 'X' },
      { why: 'x' },
      { candidates: first.candidates.toReversed() },
      { evidence: [] },
      { samples: [{ id: 'x', name: 'web' }] },
      { samples: first.samples.map(({ id }) => ({ id, name: null })) },
    ];
    expect(new Set(changes.flatMap((change) => Object.keys(change)))).toEqual(new Set(Object.keys(first)));
    const plans = [
      { createdAt: 'x' },
      { database: 'x' },
      { rulesDigest: 'x' },
      { toolVersion: 'x' },
      { images: 1 },
      { undecided: 1 },
    ];
    expect(plans.flatMap((change) => Object.keys(change)).sort()).toEqual(Object.keys(ASKED_BY).sort());
    const signatures = [
      factsSignature(FACTS),
      factsSignature({ ...FACTS, questions: [first] }),
      ...changes.map((change) => factsSignature({ ...FACTS, questions: [{ ...first, ...change }, second] })),
      ...plans.map((change) => factsSignature({ ...FACTS, plan: { ...ASKED_BY, ...change } })),
    ];
    expect(new Set(signatures).size).toBe(signatures.length);
  });
});

describe('a file', () => {
  const text = fileOf([A, B]);
  const read = (changed: string) => readAnswers({ path: 'q.yaml', text: changed });

  test.each([
    ['a number of images', 'images: 100', 'images: 99'],
    ['a sample', 'name: "web"', 'name: "wed"'],
    ['evidence', 'looks like a kernel', 'looks like a disk'],
    ['candidates', '[disk/raw, kernel/raw', '[kernel/raw, disk/raw'],
    ['the database', 'db1/glance', 'db2/glance'],
    ['the digest of the rules', '"0123', '"1123'],
    ['a reason', 'raw says nothing', 'raw says all'],
  ])('changed by hand: %s', (_, from, to) => {
    expect(text).toContain(from);
    expect(() => read(text.replace(from, to))).toThrow(/DECISIONS_FILE[^]*as plan wrote them/);
  });

  test('answers, comments, the growth limit and another spelling of the same facts are free', () => {
    let mine = written(written(text, A.id, 'answer', 'kernel/raw # x'), A.id, 'reason', 'seen');
    mine = mine.replace('growth_limit: 10%', 'growth_limit: 30%').replace('name: "web"', "name: 'web'");
    mine = `# mine\n${mine}\nanswers:\n  - images: [x]\n    answer: leave\n`;
    expect(read(mine)).toMatchObject({ growthLimitPercent: 30, answers: [{ id: A.id }, {}] });
  });
});
