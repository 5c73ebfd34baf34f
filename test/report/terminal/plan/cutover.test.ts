import { expect, it } from 'vitest';
import {
  cutoverPart,
  cutoverSection,
  oneFieldPart,
  oneFieldSection,
} from '../../../../src/report/terminal/plan/cutover.ts';
import { ambiguous, classification, decided, row, summaryOf } from '../../made-images.ts';

const PLAIN = { width: 50, colour: 'plain' } as const;
const DIFFERENT = summaryOf([
  [row({}), decided(), 10],
  [row({}), decided({ novaToday: 'refuse', services: [] }), 5],
  [row({}), decided({ disposition: 'use-as-kernel' }), 4],
  [row({}), decided({ disposition: 'refuse' }), 3],
]);

it('what changes is a sentence each, wrapped with an indent: what breaks first, by harm, then what improves', () => {
  expect(cutoverSection(DIFFERENT, PLAIN)).toBe(
    [
      'At the cutover',
      '  12 of the 22 images decided will behave',
      '    differently: 7 break, 5 improve.',
      '  Breaks: 7 images used today, and afterwards not,',
      '    or in another way',
      '    3 images that Nova boots as a disk today will',
      '      be refused',
      '    4 images that Nova boots as a disk today will',
      '      be used as a kernel',
      '  Improves: 5 images refused today, and usable',
      '    afterwards',
      '    5 images that Nova refuses today will be',
      '      booted as a disk',
    ].join('\n'),
  );
});

it('on a screen the part is there only where something changes', () => {
  const part = cutoverPart(DIFFERENT);
  expect(part?.title).toBe('At the cutover, of 22 decided: 7 break, 5 improve');
  expect(part?.draw(3, { ...PLAIN, width: 80 }).split('\n')).toEqual([
    '3  breaks    that Nova boots as a disk today will be refused',
    '4  breaks    that Nova boots as a disk today will be used as a kernel',
    '5  improves  that Nova refuses today will be booted as a disk',
  ]);
  expect(cutoverPart(summaryOf([[row({}), decided()]]))).toBeNull();
});

it('of undecided images nothing is said', () => {
  expect(cutoverSection(summaryOf([[row({}), ambiguous()]]), PLAIN)).toBe('');
});

const WIDE = { width: 120, colour: 'plain' } as const;
const lost = (type: 'kernel' | 'filesystem' | 'iso9660' | 'ramdisk') =>
  decided({ classification: classification(type, 'vhdx'), oneField: { format: null, why: 'no word' } });
const SUMMARY = summaryOf([
  [row({}), decided(), 5],
  [row({}), decided({ classification: classification('disk', 'vmdk', 'ova'), oneField: { format: 'ova' } }), 2],
  [row({}), lost('kernel'), 4],
  [row({}), lost('ramdisk'), 3],
  [row({}), lost('filesystem'), 2],
  [row({}), lost('iso9660'), 4],
]);

it('says what one field can say and loses, three losses by name, and what two fields need the envelope for', () => {
  expect(oneFieldSection(SUMMARY, WIDE).split('\n')).toEqual([
    'One field or two',
    '  One field can say 7 of 20 images (35.0 %): qcow2 5, ova 2.',
    '  One field loses 13: iso9660/vhdx 4 (no word); kernel/vhdx 4 (no word); ramdisk/vhdx 3 (no word); 1 more, see --json.',
    '  Two fields need the envelope for 2: ova 2.',
  ]);
  expect(oneFieldPart(SUMMARY)?.title).toBe('One field or two: one can say 35.0 % of the decided, and loses 13');
});

it('nothing is said where nothing is decided', () => {
  const summary = summaryOf([[row({}), ambiguous()]]);
  expect([oneFieldSection(summary, WIDE), oneFieldPart(summary)]).toEqual(['', null]);
});
