import { describe, expect, it } from 'vitest';

import { imagesText, newTally, targetText } from '../../src/answers/answer-tally.ts';
import { answersOf, byHand, facts, questionsFile } from './support/answers-file.ts';

const only = ({ answers }: ReturnType<typeof byHand>) => {
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) throw new Error('not one answer');
  return answer;
};

describe('a new tally', () => {
  it('of a question knows how many images it was written for', () => {
    const tally = newTally(
      only(answersOf(questionsFile({ questions: [[facts('q-1', { images: 7 }), { answer: '1' }]] }))),
    );
    expect([tally.population, tally.meets, tally.met, tally.named]).toEqual([
      { written: 7, now: 0 },
      null,
      'not-asked',
      [],
    ]);
    expect(targetText(tally.answer.to)).toBe('question q-1');
  });

  it('of ids has seen none of them', () => {
    const tally = newTally(only(byHand('  - { images: [a, b], answer: leave }\n')));
    expect(tally.named.map(({ id, seen }) => [id, seen])).toEqual([
      ['a', 'nowhere'],
      ['b', 'nowhere'],
    ]);
    expect(targetText(tally.answer.to)).toBe('2 images');
  });

  it('of a predicate waits for the first image that meets it', () => {
    const tally = newTally(only(byHand('  - { when: { owner: o }, answer: leave }\n')));
    expect([tally.met, tally.population]).toEqual(['not-yet', null]);
    expect(targetText(tally.answer.to)).toBe('owner=o');
  });
});

it('counts images in words', () => {
  expect([0, 1, 2].map(imagesText)).toEqual(['0 images', '1 image', '2 images']);
});
