import { describe, expect, it } from 'vitest';

import { type AnswerTally, newTally } from '../../src/answers/answer-tally.ts';
import { fileRemarks, remarksOn } from '../../src/answers/review-remarks.ts';
import { answersOf, ASKED_BY, byHand, facts, questionsFile } from './support/answers-file.ts';

const asked = (answer: string) => answersOf(questionsFile({ questions: [[facts('q-1', { images: 10 }), { answer }]] }));
const ids = (list: string) => byHand(`  - { images: [${list}], answer: kernel/raw }\n`);
function tallyOf({ answers }: ReturnType<typeof byHand>, change: Partial<AnswerTally> = {}): AnswerTally {
  const [answer] = answers;
  if (answer === undefined) throw new Error('no answer');
  return { ...newTally(answer), ...change };
}
const kinds = (tally: AnswerTally, limit = 10) =>
  remarksOn(tally, limit).map(({ kind, weight }) => `${kind} ${weight}`);

describe('remarks on a file', () => {
  it('name another database and other rules', () => {
    const now = { rulesDigest: ASKED_BY.rulesDigest, database: ASKED_BY.database };
    expect(fileRemarks(asked('1'), now)).toEqual([]);
    expect(
      fileRemarks(asked('1'), { rulesDigest: 'b'.repeat(64), database: 'sqlite:x' }).map(({ kind }) => kind),
    ).toEqual(['other-database', 'other-rules']);
  });

  it('are none for a file written by hand', () => {
    expect(fileRemarks(ids('a'), { rulesDigest: 'b', database: 'c' })).toEqual([]);
  });
});

describe('remarks on an answer', () => {
  it('refuse a group that has grown past the limit, unless it is left', () => {
    expect(kinds(tallyOf(asked('1'), { images: 11, population: { written: 10, now: 11 } }))).toEqual([]);
    const grown = { images: 12, population: { written: 10, now: 12 } };
    expect(kinds(tallyOf(asked('1'), grown))).toEqual(['grown refuses']);
    expect(kinds(tallyOf(asked('leave'), grown))).toEqual(['grown warns']);
  });

  it('say that a question is not asked, or that more specific answers took everything', () => {
    expect(kinds(tallyOf(asked('1')))).toEqual(['unknown-question warns']);
    expect(kinds(tallyOf(asked('1'), { population: { written: 10, now: 3 } }))).toEqual(['all-taken warns']);
  });

  it('name at most 20 ids that are not live images', () => {
    const list = Array.from({ length: 25 }, (_, i) => `i${i}`).join(', ');
    const remarks = remarksOn(tallyOf(ids(list)), 10);
    expect(remarks).toHaveLength(21);
    expect(remarks.at(-1)?.text).toBe('5 images more of this answer are not live images with a payload');
  });

  it('count the images where the answer is outside the candidates or against a proof', () => {
    const tally = tallyOf(ids('a, b'), { images: 2, outside: 1, againstProof: 2, samples: ['a', 'b'], named: [] });
    expect(remarksOn(tally, 10).map(({ text }) => text)).toEqual([
      'kernel/raw goes against a proof for 2 images, first a',
      'kernel/raw is not among the answers that the rules offer for 1 of 2 images',
    ]);
  });
});
