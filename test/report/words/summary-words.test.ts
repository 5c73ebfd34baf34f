import { expect, it } from 'vitest';
import { DISPOSITIONS } from '../../../src/model/vocabulary.ts';
import {
  afterText,
  changeText,
  cutoverChanges,
  ofDecidedText,
  readText,
  todayText,
  unchangedText,
} from '../../../src/report/words/summary-words.ts';
import { SUMMARY } from '../made-content.ts';
import { decided, READ, row, summaryOf } from '../made-images.ts';

const { cutover } = summaryOf([
  [row({}), decided(), 90],
  [row({}), decided({ disposition: 'refuse' }), 3],
  [row({}), decided({ novaToday: 'refuse', disposition: 'attach-cdrom' }), 7],
]);

it('changes come biggest first; what stays the same is no change', () => {
  expect(cutoverChanges(cutover).map((change) => `${change.count} ${changeText(change)}`)).toEqual([
    '7 that Nova refuses today will be attached as a CD-ROM',
    '3 that Nova boots as a disk today will be refused',
  ]);
});

it('sentences name the decided images', () => {
  expect(unchangedText(cutover)).toBe(
    'Nothing changes for the 100 images decided: each will be used as Nova uses it today.',
  );
  expect(ofDecidedText(cutover)).toBe('of the 100 images decided will behave differently:');
});

it('every disposition has words of its own for today and for afterwards', () => {
  expect(new Set(DISPOSITIONS.map(todayText)).size).toBe(DISPOSITIONS.length);
  expect(new Set(DISPOSITIONS.map(afterText)).size).toBe(DISPOSITIONS.length);
  expect([todayText('use-as-kernel'), afterText('use-as-kernel')]).toEqual([
    'uses as a kernel',
    'will be used as a kernel',
  ]);
});

it('says how many images were read, and of the rest only what there is', () => {
  const content = SUMMARY.content;
  if (content === null) throw new Error('no content');
  expect(readText(content)).toBe('17 images read, 5 of them name no type, 2 could not be read');
  const one = summaryOf([[row({}), decided({ content: { ...READ, imageType: 'disk' } })]]).content;
  expect(one === null ? '' : readText(one)).toBe('1 image read');
});
