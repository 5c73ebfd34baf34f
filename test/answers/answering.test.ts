import { describe, expect, it } from 'vitest';

import { answering } from '../../src/answers/answering.ts';
import type { Answers } from '../../src/answers/answer/answer.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { questionId } from '../../src/model/question-id.ts';
import { asKernel, decide, evidence, type Example, outcomeText, typed, untyped } from '../rules/evidence-builder.ts';
import { answersOf, byHand, facts, questionsFile } from './support/answers-file.ts';

const raw = (example: Example = {}): ImageEvidence => evidence('raw', 'bare', example);

function questionOf(image: ImageEvidence): string {
  const id = questionId(image.image, decide(image));
  if (id === null) throw new Error('the rules decide it');
  return id;
}

/** `inferred disk/raw by site-policy` */
function said(image: ImageEvidence, answers: Answers): string {
  const decision = answering(decide, answers)(image);
  const by = decision.answered === undefined ? '' : ` by ${decision.answered.answer}`;
  return `${outcomeText(decision)}${by}`;
}

const UNDECIDED = outcomeText(decide(raw()));

describe('an answered image', () => {
  const [item] = [
    `  - id: boot\n    images: ${raw().image.id}\n    answer: kernel/raw\n    author: ada\n    date: 2026-11-24\n    reason: seen at boot\n`,
  ];

  it('has the answer, who gave it, and all that was seen', () => {
    const base = decide(raw());
    const decision = answering(decide, byHand(item ?? ''))(raw());
    expect(decision).toEqual({
      status: 'inferred',
      rule: 'answer:boot',
      reason: 'seen at boot',
      evidence: [
        ...base.evidence,
        { kind: 'operator', detail: 'answered kernel/raw by ada on 2026-11-24: seen at boot (answers.yaml:2)' },
      ],
      findings: base.findings,
      novaToday: base.novaToday,
      services: base.services,
      classification: { imageType: 'kernel', containerType: 'raw', envelope: null },
      oneField: { format: 'aki' },
      disposition: 'use-as-kernel',
      answered: { answer: 'boot', question: questionOf(raw()), agreement: 'candidate' },
    });
  });

  it('says as much as was said', () => {
    const of = (rest: string) =>
      answering(decide, byHand(`  - { id: x, images: ${raw().image.id}, answer: disk/vmdk in ova${rest} }\n`))(raw());
    expect(of('')).toMatchObject({ reason: 'answered by the operator', oneField: { format: 'ova' } });
    expect(of('').evidence.at(-1)?.detail).toBe('answered disk/vmdk in ova (answers.yaml:2)');
    expect(of(', date: today').evidence.at(-1)?.detail).toBe('answered disk/vmdk in ova on today (answers.yaml:2)');
  });

  it('that is left alone stays as it was, but for the answer', () => {
    const base = decide(raw());
    const answers = byHand(`  - { id: x, when: { disk_format: raw }, answer: leave, author: ada }\n`);
    expect(answering(decide, answers)(raw())).toEqual({
      ...base,
      evidence: [...base.evidence, { kind: 'operator', detail: 'left undecided by ada (answers.yaml:2)' }],
      answered: { answer: 'x', question: questionOf(raw()), agreement: 'candidate' },
    });
  });

  it('shares one frozen object with those that share its decision and its answer', () => {
    const decideAnswered = answering(decide, byHand('  - { when: { disk_format: raw }, answer: disk/raw }\n'));
    const one = decideAnswered(raw({ image: { id: 'a' } }));
    expect(decideAnswered(raw({ image: { id: 'b', owner: 'x' } }))).toBe(one);
    expect(decideAnswered(raw({ image: { name: 'vmlinuz' } }))).not.toBe(one);
    for (const part of [one, one.evidence, one.findings, one.answered]) expect(Object.isFrozen(part)).toBe(true);
    expect(one.evidence.every((line) => Object.isFrozen(line))).toBe(true);
  });

  it('belongs to the question of its own tuple, also where a decision is shared between tuples', () => {
    const shared = decide(raw());
    const decideAnswered = answering(() => shared, byHand('  - { when: { owner: o }, answer: disk/raw }\n'));
    const ids = [raw(), evidence('vhd', 'bare'), raw()].map((image) => decideAnswered(image).answered?.question);
    expect(ids[0]).toMatch(/^raw-bare-/);
    expect(ids[1]).toMatch(/^vhd-bare-/);
    expect(ids[2]).toBe(ids[0]);
  });
});

describe('which images an answer is for', () => {
  it.each(['queued', 'killed', 'deleted'])('never for one that is %s', (status) => {
    const image = raw({ image: { status } });
    const everything = byHand(
      `  - { images: ${image.image.id}, answer: disk/raw }\n  - { when: { disk_format: raw }, answer: disk/raw }\n`,
    );
    expect(answering(decide, everything)(image)).toBe(decide(image));
    const deleted = raw({ image: { deleted: true } });
    expect(answering(decide, everything)(deleted)).toBe(decide(deleted));
  });

  it('for a decided one only by its id', () => {
    const image = evidence('qcow2', 'bare');
    const policy =
      '  - { when: { disk_format: qcow2 }, answer: disk/raw }\n  - { when: { owner: o }, answer: disk/raw }\n';
    expect(answering(decide, byHand(policy))(image)).toBe(decide(image));
    expect(said(image, byHand(`  - { id: x, images: ${image.image.id}, answer: iso9660/raw }\n`))).toBe(
      'inferred iso9660/raw by x',
    );
  });

  it('leave keeps a decided one from being written', () => {
    const image = evidence('qcow2', 'bare');
    const decision = answering(decide, byHand(`  - { id: x, images: ${image.image.id}, answer: leave }\n`))(image);
    expect(outcomeText(decision)).toBe('unmappable disk');
    expect(decision).toMatchObject({
      rule: 'answer:x',
      reason: 'left undecided by the operator',
      answered: { question: null, agreement: 'candidate' },
    });
  });

  it('ids: integers of Diablo as they are, UUIDs in any case, anything else to the letter', () => {
    const met = (id: string, written: string) =>
      said(raw({ image: { id } }), byHand(`  - { id: x, images: [${written}], answer: disk/raw }\n`)) !== UNDECIDED;
    expect(met('12', '12')).toBe(true);
    expect(met('12', '0012')).toBe(false);
    expect(met('1000', '1e3')).toBe(false);
    expect(met('6e1f0000-0000-4000-8000-00000000abcd', '6E1F0000-0000-4000-8000-00000000ABCD')).toBe(true);
    expect(met('6E1F0000-0000-4000-8000-00000000ABCD', '6e1f0000-0000-4000-8000-00000000abcd')).toBe(true);
    expect(met('Abc', 'abc')).toBe(false);
    expect(met('__proto__', '__proto__')).toBe(true);
    expect(met('x', 'toString')).toBe(false);
  });

  it.each<[string, Example & { readonly disk?: string | null; readonly container?: string | null }, boolean]>([
    ['disk_format: raw', {}, true],
    ['disk_format: RAW', { disk: ' Raw ' }, true],
    ['disk_format: [vhd, raw]', {}, true],
    ['disk_format: null', {}, false],
    ['disk_format: null', { disk: null }, true],
    ['disk_format: null', { disk: ' ' }, true],
    ['disk_format: ""', { disk: null }, true],
    ['disk_format: "null"', { disk: null }, false],
    ['container_format: [bare, ovf]', {}, true],
    ['container_format: ovf', {}, false],
    ['container_format: null', { container: null }, true],
    ['owner: o', {}, true],
    ['owner: O', {}, false],
    ['owner: "o "', {}, false],
    ['owner: null', {}, false],
    ['owner: [a, null]', { image: { owner: null } }, true],
    ['owner: null', { image: { owner: '' } }, false],
    ['name: "vmlinuz*"', { image: { name: 'vmlinuz-5' } }, true],
    ['name: "vmlinuz*"', { image: { name: 'VMLINUZ-5' } }, false],
    ['name: "*"', { image: { name: null } }, false],
    ['name: [a, "?"]', {}, true],
    ['property: { os_type: linux }', {}, false],
    ['property: { os_type: linux }', { properties: { os_type: 'linux' } }, true],
    ['property: { os_type: lin }', { properties: { os_type: 'linux' } }, false],
    ['property: { os_type: [win*, l*x] }', { properties: { os_type: 'linux' } }, true],
    ['property: { os_type: "*" }', { properties: { os_type: null } }, false],
    ['property: { os_type: }', { properties: { os_type: null } }, true],
    ['property: { OS_type: }', { properties: { os_type: 'linux' } }, false],
    ['property: { site: gold, x: }', { properties: { site: 'gold' } }, false],
    ['property: { site: gold, x: }', { properties: { site: 'gold', x: '' } }, true],
    ['property: { toString: }', {}, false],
    ['size: "< 2 MiB"', {}, true],
    ['size: "< 1 MiB"', {}, false],
    ['size: ">= 1 MiB"', {}, true],
    ['size: "1 MiB .. 2 MiB"', {}, true],
    ['size: "< 2 MiB"', { image: { size: null } }, false],
    ['evidence: none', {}, true],
    ['evidence: none', { image: { size: 900_000_000n } }, true],
    ['evidence: none', { image: { name: 'vmlinuz' } }, false],
    ['evidence: none', { properties: { os_type: 'linux' } }, false],
    ['evidence: none', { properties: { site: 'gold' } }, true],
    ['evidence: none', { content: { kind: 'unread', why: 'no such file' } }, true],
    ['evidence: none', untyped('raw'), true],
    ['evidence: none', untyped(null, 'two containers', { safety: ['POLYGLOT'] }), false],
    ['disk_format: raw, owner: x', {}, false],
    ['disk_format: raw, owner: o, size: "< 2 MiB"', {}, true],
  ])('{ %s }', (when, { disk = 'raw', container = 'bare', ...example }, met) => {
    const image = evidence(disk, container, example);
    expect(decide(image).status).toMatch(/^(?:ambiguous|unmappable)$/);
    const answers = byHand(`  - { id: x, when: { ${when} }, answer: disk/raw }\n`);
    expect(said(image, answers)).toBe(met ? 'inferred disk/raw by x' : outcomeText(decide(image)));
  });
});

describe('the most specific answer', () => {
  const image = raw({ properties: { site: 'gold' } });
  const question = questionOf(image);
  const rows: Readonly<Record<string, string>> = {
    image: `  - { id: image, images: ${image.image.id}, answer: kernel/raw }\n`,
    three: '  - { id: three, when: { name: x, owner: o, disk_format: raw }, answer: disk/raw }\n',
    two: '  - { id: two, when: { property: { site: gold, x: } }, answer: disk/raw }\n',
    later: '  - { id: later, when: { owner: o, size: "< 2 MiB" }, answer: disk/raw }\n',
    one: '  - { id: one, when: { owner: [o] }, answer: disk/raw }\n',
    wide: '  - { id: wide, when: { disk_format: raw, container_format: bare, evidence: none }, answer: disk/raw }\n',
    policy: '  - { id: policy, when: { disk_format: raw }, answer: disk/raw }\n',
  };
  const file = (names: readonly string[], answered = true) =>
    answersOf(
      questionsFile({
        questions: [[facts(question), answered ? { answer: 'filesystem/raw' } : {}]],
        answers: names.map((name) => rows[name]).join(''),
      }),
    );

  it('takes the image: its id, many conditions, few, the question, a wide policy, a narrow one', () => {
    const names = ['policy', 'wide', 'one', 'later', 'two', 'three', 'image'];
    const taken: string[] = [];
    for (const left of [7, 6, 5, 4, 3]) taken.push(said(image, file(names.slice(0, left))));
    expect(taken.map((text) => text.replace(/^.* by /, ''))).toEqual(['image', 'three', 'later', 'later', 'one']);
    expect(said(image, file(['policy', 'wide']))).toBe(`inferred filesystem/raw by ${question}`);
    expect(said(image, file(['policy', 'wide'], false))).toBe('inferred disk/raw by wide');
    expect(said(image, file(['policy'], false))).toBe('inferred disk/raw by policy');
    expect(said(image, file([], false))).toBe(UNDECIDED);
  });

  it('of equally specific ones is the earlier in the file', () => {
    const both = raw({ properties: { site: 'gold', x: '' } });
    expect(said(both, file(['two', 'later']))).toMatch(/ by two$/);
    expect(said(both, file(['later', 'two']))).toMatch(/ by later$/);
  });
});

describe('how an answer stands to what was seen', () => {
  function agreementOf(image: ImageEvidence, answer: string): readonly unknown[] {
    const answers = byHand(`  - { images: ${image.image.id}, answer: ${answer} }\n`);
    const decision: Decision = answering(decide, answers)(image);
    return [decision.answered?.agreement, decision.findings.filter((code) => code.startsWith('ANSWER_'))];
  }
  const fine = ['candidate', []];
  const outside = ['outside', ['ANSWER_OUTSIDE_CANDIDATES']];
  const against = ['against-proof', ['ANSWER_AGAINST_PROOF']];

  it('to candidates', () => {
    expect(agreementOf(raw(), 'ramdisk/raw')).toEqual(fine);
    expect(agreementOf(raw(), 'ramdisk/qcow2')).toEqual(outside);
    expect(agreementOf(raw(), 'disk/raw in ova')).toEqual(outside);
  });

  it('to what is not known at all, or the type alone', () => {
    const tar = evidence('root-tar', 'bare');
    expect(decide(tar)).toMatchObject({ status: 'unmappable', imageType: 'other' });
    expect(agreementOf(tar, 'other/raw')).toEqual(fine);
    expect(agreementOf(tar, 'disk/raw')).toEqual(outside);
  });

  it('to a tuple that knows nothing', () => {
    const nothing = evidence(null, 'bare');
    expect(decide(nothing)).toMatchObject({ status: 'unmappable', imageType: null });
    expect(agreementOf(nothing, 'disk/vdi')).toEqual(fine);
  });

  it('to a rule of the site’s own that the bytes contradict', () => {
    const image = raw(typed('kernel', 'raw', 'certain'));
    const { content } = decide(image);
    if (content === undefined) throw new Error('the content has no part in the decision');
    const ruled: Decision = { ...decide(evidence('qcow2', 'bare')), rule: 'SITE', content };
    const by = (answer: string) =>
      answering(() => ruled, byHand(`  - { images: ${image.image.id}, answer: ${answer} }\n`))(image);
    expect(ruled.status).toBe('inferred');
    expect(by('disk/raw').answered?.agreement).toBe('against-proof');
    expect(by('kernel/raw').answered?.agreement).toBe('outside');
    expect(by('kernel/raw').content).toEqual(content);
    expect(by('leave').content).toEqual(content);
    expect(decide(evidence('qcow2', 'bare'))).not.toHaveProperty('content');
    expect(
      answering(decide, byHand('  - { when: { disk_format: raw }, answer: disk/raw }\n'))(raw()),
    ).not.toHaveProperty('content');
  });

  it('to a decision of the rules', () => {
    const exact = evidence('aki', 'aki');
    const inferred = evidence('AKI', 'aki');
    expect([decide(exact).status, decide(inferred).status]).toEqual(['exact', 'inferred']);
    expect(agreementOf(exact, 'kernel/raw')).toEqual(fine);
    expect(agreementOf(exact, 'disk/raw')).toEqual(against);
    expect(agreementOf(inferred, 'kernel/raw')).toEqual(fine);
    expect(agreementOf(inferred, 'disk/raw')).toEqual(outside);
  });

  it('to a live reference', () => {
    const image = raw({ referencedBy: asKernel });
    expect(decide(image).status).toBe('exact');
    expect(agreementOf(image, 'disk/raw')).toEqual(against);
  });

  it('to what the bytes say for certain', () => {
    const unsure = evidence('QCOW2', 'bare', typed('disk', 'qcow2', 'certain'));
    expect(agreementOf(unsure, 'iso9660/raw')).toEqual(against);
    const contested = raw({ referencedBy: asKernel, ...typed('disk', 'raw', 'certain') });
    expect(outcomeText(decide(contested))).toBe('ambiguous disk/raw | kernel/raw');
    expect(agreementOf(contested, 'kernel/raw')).toEqual(fine);
    expect(agreementOf(contested, 'ramdisk/raw')).toEqual(against);
    expect(agreementOf(contested, 'disk/raw in ova')).toEqual(against);
    expect(agreementOf(contested, 'disk/qcow2')).toEqual(against);
    expect(agreementOf(contested, 'disk/raw in ovf')).toEqual(outside);
  });

  it('keeps the findings sorted, each once', () => {
    const image = evidence('RAW', 'bare', { image: { size: 1n } });
    const answers = byHand(`  - { images: ${image.image.id}, answer: disk/qcow2 }\n`);
    const { findings } = answering(decide, answers)(image);
    expect(findings).toEqual([...new Set(findings)].toSorted());
    expect(findings).toContain('TUPLE_NOT_NORMALISED');
  });
});
