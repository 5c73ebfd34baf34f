import { expect, test } from 'vitest';
import { ownersSection } from '../../../../src/report/html/page/owners.ts';
import type { OwnerCount } from '../../../../src/report/plan/report.ts';
import { bodyText } from '../made-report.ts';

const owner = (name: string | null, undecided: number, breaks: number): OwnerCount => ({
  owner: name,
  undecided,
  breaks,
  questions: ['q1', 'q2', 'q3', 'q4'].map((question) => ({ question, count: 1 })),
  otherQuestions: 0,
});
const NONE = { others: { undecided: 0, breaks: 0 }, unseen: 0 };

test('owners lead to their undecided images and to those that break', () => {
  const section = ownersSection({ ...NONE, listed: [owner('ada&co', 4, 2), owner(null, 0, 1)] });
  expect(section.badge).toBe('2');
  expect(bodyText(section)).toContain('ada&co 4 2 q1 (1), q2 (1), q3 (1) and more');
  expect(bodyText(section)).toContain('no owner – 1');
  const markup = section.body.toString();
  expect(markup).toContain('data-filter="status:undecided&amp;owner:ada%26co"');
  expect(markup).toContain('data-filter="cutover:breaks&amp;owner:NULL"');
});

test('a hundred owners are shown, and the others counted', () => {
  const listed = Array.from({ length: 103 }, (_, index) => owner(`o${index}`, 2, 1));
  const text = bodyText(ownersSection({ listed, others: { undecided: 7, breaks: 0 }, unseen: 0 }));
  expect(text).toContain('3 more owners, with 9 images, are in the JSON document');
  expect(text).toContain('Further owners, not counted apart, have 7 undecided and 0 that break.');
});

test('all but the first fifteen are folded', () => {
  const markup = (count: number): string =>
    ownersSection({
      ...NONE,
      listed: Array.from({ length: count }, (_, index) => owner(`o${index}.`, 2, 1)),
    }).body.toString();
  expect(markup(15)).not.toContain('<details>');
  const [before = '', folded = ''] = markup(17).split('<details>');
  expect([before.includes('>o14.<'), before.includes('>o15.<')]).toEqual([true, false]);
  expect(folded).toMatch(/<summary>2 more owners<\/summary>[^]*>o15\.<[^]*>o16\.<[^]*<\/details>/u);
});

test('nobody is asked where all is clear', () => {
  expect(bodyText(ownersSection({ ...NONE, listed: [] }))).toContain('Nobody: no image is undecided');
});
