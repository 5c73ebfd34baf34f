import { expect, it } from 'vitest';
import { concernOf, OwnerTally } from '../../../src/report/plan/owner-tally.ts';
import { ambiguous, decided, notApplicable, unmappable } from '../made-images.ts';

const RAW = { diskFormat: 'raw', containerFormat: 'bare' };
const asked = (question: string) => ({ kind: 'undecided', question }) as const;
const BREAKS = { kind: 'breaks' } as const;

it('asks the owner of an undecided image, tells the owner of one that breaks, and bothers nobody else', () => {
  expect(concernOf(RAW, ambiguous())).toEqual({
    kind: 'undecided',
    question: expect.stringMatching(/^raw-bare-[0-9a-f]{8}$/) as unknown,
  });
  expect(concernOf(RAW, unmappable())?.kind).toBe('undecided');
  expect(concernOf(RAW, decided({ disposition: 'refuse' }))).toEqual(BREAKS);
  const answered = { answer: 'a', question: null, agreement: 'candidate' } as const;
  for (const calm of [
    decided(),
    decided({ novaToday: 'refuse', services: [] }),
    notApplicable(),
    unmappable({ answered }),
  ]) {
    expect(concernOf(RAW, calm)).toBeNull();
  }
});

it('counts by owner, those with most first; no owner is an owner apart from the empty word', () => {
  const tally = new OwnerTally();
  for (const question of ['q1', 'q2', 'q2']) tally.add('b', asked(question));
  tally.add('a', asked('q1'));
  tally.add('a', BREAKS);
  tally.add(null, BREAKS);
  tally.add('', BREAKS);
  expect(tally.result(7)).toEqual({
    listed: [
      {
        owner: 'b',
        undecided: 3,
        breaks: 0,
        questions: [
          { question: 'q2', count: 2 },
          { question: 'q1', count: 1 },
        ],
        otherQuestions: 0,
      },
      { owner: 'a', undecided: 1, breaks: 1, questions: [{ question: 'q1', count: 1 }], otherQuestions: 0 },
      { owner: null, undecided: 0, breaks: 1, questions: [], otherQuestions: 0 },
      { owner: '', undecided: 0, breaks: 1, questions: [], otherQuestions: 0 },
    ],
    others: { undecided: 0, breaks: 0 },
    unseen: 7,
  });
});

it('keeps 5,000 owners and 20 questions of each, and counts the images of all others', () => {
  const tally = new OwnerTally();
  for (let index = 0; index < 5_002; index += 1) tally.add(`owner-${index}`, asked('q'));
  tally.add('owner-5001', BREAKS);
  for (let index = 0; index < 25; index += 1) tally.add('owner-0', asked(`q${index}`));
  const { listed, others } = tally.result(0);
  expect([listed.length, others]).toEqual([5_000, { undecided: 2, breaks: 1 }]);
  const [first] = listed;
  expect([first?.owner, first?.undecided, first?.questions.length, first?.otherQuestions]).toEqual([
    'owner-0',
    26,
    20,
    6,
  ]);
});
