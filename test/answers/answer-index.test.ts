import { describe, expect, it } from 'vitest';

import { answerFor, indexAnswers } from '../../src/answers/answer-index.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';
import { answersOf, byHand, facts, questionsFile } from './support/answers-file.ts';

const image = evidence('raw', 'bare', { image: { name: 'vm', owner: 'o' } });
const chosen = (text: Parameters<typeof indexAnswers>[0], question: string | null = null): string | undefined =>
  answerFor(indexAnswers(text), image, decide(image), question)?.id;

describe('of several answers', () => {
  const policy = '  - { id: policy, when: { disk_format: raw }, answer: disk/raw }\n';
  const owner = '  - { id: owner, when: { owner: o }, answer: disk/raw }\n';
  const both = '  - { id: both, when: { owner: o, name: vm }, answer: disk/raw }\n';

  it('the one with more conditions applies, then the earlier one', () => {
    expect(chosen(byHand(owner + both))).toBe('both');
    const name = '  - { id: name, when: { name: vm }, answer: disk/raw }\n';
    expect(chosen(byHand(name + owner))).toBe('name');
    expect(chosen(byHand(owner + name))).toBe('owner');
  });

  it('a question comes after particular predicates and before policies', () => {
    const file = (answers: string) =>
      answersOf(questionsFile({ questions: [[facts('raw-bare-1'), { answer: '1' }]], answers }));
    expect(chosen(file(policy), 'raw-bare-1')).toBe('raw-bare-1');
    expect(chosen(file(policy + owner), 'raw-bare-1')).toBe('owner');
    expect(chosen(file(policy), 'raw-bare-2')).toBe('policy');
  });

  it('none applies where none is met', () => {
    expect(chosen(byHand('  - { id: a, when: { owner: other }, answer: leave }\n'))).toBeUndefined();
  });

  it('ids are found in their comparable form', () => {
    const id = '4F0C5A52-9D3E-4A8B-B0D4-0A1F6D2C7E11';
    const { byImage } = indexAnswers(byHand(`  - { id: a, images: [${id}], answer: leave }\n`));
    expect(byImage.get(id.toLowerCase())?.id).toBe('a');
  });
});
