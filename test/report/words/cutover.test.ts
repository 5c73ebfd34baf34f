import { expect, it } from 'vitest';

import { DISPOSITIONS } from '../../../src/model/vocabulary.ts';
import {
  afterText,
  changeText,
  cutoverChanges,
  ofDecidedText,
  todayText,
  unchangedText,
} from '../../../src/report/words/cutover.ts';
import { decided, row, summaryOf } from '../made-images.ts';

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
