import { expect, it } from 'vitest';

import { oneFieldPart, oneFieldSection } from '../../../../src/report/terminal/plan/one-field.ts';
import { ambiguous, classification, decided, row, summaryOf } from '../../made-images.ts';

const PLAIN = { width: 120, colour: 'plain' } as const;
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
  expect(oneFieldSection(SUMMARY, PLAIN).split('\n')).toEqual([
    'One field or two',
    '  One field can say 7 of 20 images (35.0 %): qcow2 5, ova 2.',
    '  One field loses 13: iso9660/vhdx 4 (no word); kernel/vhdx 4 (no word); ramdisk/vhdx 3 (no word); 1 more, see --json.',
    '  Two fields need the envelope for 2: ova 2.',
  ]);
  expect(oneFieldPart(SUMMARY)?.title).toBe('One field or two: one can say 35.0 % of the decided, and loses 13');
});

it('nothing is said where nothing is decided', () => {
  const summary = summaryOf([[row({}), ambiguous()]]);
  expect([oneFieldSection(summary, PLAIN), oneFieldPart(summary)]).toEqual(['', null]);
});
