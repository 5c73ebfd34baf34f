import { expect, it } from 'vitest';
import type { OwnerSummary } from '../../../../src/report/plan/report.ts';
import { ownersPart, ownersSection } from '../../../../src/report/terminal/plan/owners.ts';
import { reportOf, summaryOf } from '../../made-images.ts';

const OWNERS: OwnerSummary = {
  listed: [
    {
      owner: '4f3529a78ea5e29b67357d13ac8af4ea',
      undecided: 1_204,
      breaks: 24,
      questions: [
        { question: 'raw-bare-45498119', count: 1_200 },
        { question: 'raw-null-81816f06', count: 4 },
      ],
      otherQuestions: 0,
    },
    { owner: null, undecided: 3, breaks: 0, questions: [{ question: 'q', count: 3 }], otherQuestions: 0 },
    { owner: 'x\u001b[2J', undecided: 0, breaks: 2, questions: [], otherQuestions: 0 },
  ],
  others: { undecided: 5, breaks: 0 },
  unseen: 10,
};
const reportWith = (owners: OwnerSummary | null) => reportOf(summaryOf([]), { owners });
const PLAIN = { width: 100, colour: 'plain' } as const;

it('owners stand with what they must be asked, and what is left out is said', () => {
  expect(ownersSection(reportWith(OWNERS), PLAIN).split('\n')).toEqual([
    'Whom to ask: 3 owners and more, in a sample of 1,238 of 1,248 images',
    '  undecided  break  owner                             question',
    '      1,204     24  4f3529a78ea5e29b67357d13ac8af4ea  raw-bare-45498119  and 1 more',
    '          3         no owner                          q',
    '          0      2  x\\x1b[2J',
    '  Further owners, not counted apart, have 5 undecided and 0 that break.',
    '  The owners of 10 more images were not looked up; plan --html and --json count those of all.',
  ]);
});

it('on a screen an owner has a line, whose id is kept where the line is narrow', () => {
  const part = ownersPart(reportWith(OWNERS));
  expect([part?.count, part?.beyond, part?.title]).toEqual([3, 1, expect.stringMatching(/^Whom to ask: 3 owners/)]);
  const drawn = (width: number) => part?.draw(1, { ...PLAIN, width });
  expect(drawn(82)).toBe('1,204  undecided  24 break  4f3529a78ea5e29b67357d13ac8af4ea  raw-bare-45498119');
  expect(drawn(54)).toBe('1,204  undecided  4f3529a78ea5e29b67357d13ac8af4ea');
});

it('nothing is said where nobody is to be asked, or owners are not known', () => {
  const nobody = { listed: [], others: { undecided: 0, breaks: 0 }, unseen: 0 };
  for (const owners of [null, nobody]) {
    expect([ownersSection(reportWith(owners), PLAIN), ownersPart(reportWith(owners))]).toEqual(['', null]);
  }
});
