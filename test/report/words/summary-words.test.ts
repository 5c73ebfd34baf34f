import { describe, expect, it } from 'vitest';
import { DISPOSITIONS } from '../../../src/model/vocabulary.ts';
import type { LookedInside } from '../../../src/report/plan/content-tally.ts';
import {
  afterText,
  changeText,
  cutoverChanges,
  dangerousFigure,
  ofDecidedText,
  readText,
  securityText,
  splitText,
  todayText,
  unchangedText,
} from '../../../src/report/words/summary-words.ts';
import { SUMMARY } from '../made-content.ts';
import { decided, READ, row, summaryOf } from '../made-images.ts';

const { cutover } = summaryOf([
  [row({}), decided(), 90],
  [row({}), decided({ disposition: 'refuse' }), 3],
  [row({}), decided({ novaToday: 'refuse', services: [], disposition: 'attach-cdrom' }), 7],
]);

const told = (changes: ReturnType<typeof cutoverChanges>): readonly string[] =>
  changes.map((change) => `${change.count} ${changeText(change)}`);

it('changes come by harm, then biggest first; what stays the same is no change', () => {
  const many = summaryOf([
    [row({}), decided(), 90],
    [row({}), decided({ novaToday: 'refuse', services: [], disposition: 'attach-cdrom' }), 70],
    [row({}), decided({ disposition: 'boot-with-kernel' }), 60],
    [row({}), decided({ disposition: 'use-as-ramdisk' }), 50],
    [row({}), decided({ novaToday: 'use-as-kernel', services: [], disposition: 'refuse' }), 40],
    [row({}), decided({ novaToday: 'attach-cdrom', services: [], disposition: 'refuse' }), 3],
    [row({}), decided({ disposition: 'refuse' }), 4],
  ]).cutover;
  const breaks = [
    '4 that Nova boots as a disk today will be refused',
    '3 that Nova attaches as a CD-ROM today will be refused',
    '40 that Nova uses as a kernel today will be refused',
    '50 that Nova boots as a disk today will be used as a ramdisk',
    '60 that Nova boots as a disk today will be booted with a kernel only',
  ];
  const improves = ['70 that Nova refuses today will be attached as a CD-ROM'];
  expect(told(cutoverChanges(many))).toEqual([...breaks, ...improves]);
  expect(told(cutoverChanges(many, 'breaks'))).toEqual(breaks);
  expect(told(cutoverChanges(many, 'improves'))).toEqual(improves);
  expect([many.breaks, many.improves, many.different]).toEqual([157, 70, 227]);
});

it('says how many break and how many improve, and nothing of none', () => {
  expect([
    splitText({ breaks: 1, improves: 1 }),
    splitText({ breaks: 1204, improves: 0 }),
    splitText({ breaks: 0, improves: 2 }),
  ]).toEqual(['1 breaks, 1 improves', '1,204 break', '2 improve']);
});

describe('the number of dangerous images', () => {
  const looked = (fields: Partial<Extract<LookedInside, { kind: 'looked' }>>): LookedInside => ({
    kind: 'looked',
    dangerous: 0,
    caution: 0,
    read: 5,
    unread: 0,
    unasked: 0,
    ...fields,
  });

  it('is none only where every image was read', () => {
    expect([
      dangerousFigure({ kind: 'nobody' }),
      dangerousFigure(looked({ read: 0, unread: 5 })),
      dangerousFigure(looked({ unread: 1 })),
      dangerousFigure(looked({ unasked: 1 })),
      dangerousFigure(looked({})),
    ]).toEqual(['unknown', 'unknown', 'unknown', 'unknown', '0']);
  });

  it('is the least there can be where some were read', () => {
    expect([dangerousFigure(looked({ dangerous: 2, unasked: 1 })), dangerousFigure(looked({ dangerous: 2 }))]).toEqual([
      'at least 2',
      '2',
    ]);
  });

  it('is said with how many were looked into, and how to look', () => {
    expect([
      securityText({ kind: 'nobody' }, 7, 'brief'),
      securityText(looked({ read: 0, unread: 5 }), 5, 'brief'),
      securityText(looked({ unread: 2, unasked: 3 }), 10, 'brief'),
      securityText(looked({ dangerous: 1, caution: 2, unasked: 3 }), 8, 'whole'),
      securityText(looked({}), 5, 'whole'),
    ]).toEqual([
      'Security: unknown, none of 7 images was looked into (--probe all).',
      'Security: unknown in 5 that could not be read.',
      'Security: unknown in 3 not looked into (--probe all) and 2 that could not be read; nothing dangerous in 5 images looked into.',
      'Security: 1 dangerous, 2 calling for caution in 5 images looked into; unknown in 3 not looked into (to look: plan --probe all with --store-path DIR or --image-api URL).',
      'Security: nothing dangerous in 5 images looked into.',
    ]);
  });
});

it('sentences name the decided images', () => {
  expect(unchangedText(cutover)).toBe(
    'Nothing changes for the 100 images decided: each will be used as Nova uses it today.',
  );
  expect(ofDecidedText(cutover)).toBe('of the 100 images decided will behave differently: 3 break, 7 improve.');
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
