import { expect, it } from 'vitest';
import { classificationKey } from '../../../src/report/plan/decided-tally.ts';
import { ambiguous, classification, decided, row, summaryOf } from '../made-images.ts';

it('the cutover counts decided images alone, and those whose disposition changes', () => {
  const summary = summaryOf([
    [row({}), decided(), 10],
    [row({}), decided({ disposition: 'refuse' }), 3],
    [row({}), decided({ novaToday: 'refuse', disposition: 'attach-cdrom' }), 2],
    [row({}), ambiguous({ novaToday: 'refuse' }), 50],
  ]);
  expect(summary.cutover).toEqual({
    decided: 15,
    different: 5,
    breaks: 3,
    improves: 2,
    matrix: [
      { novaToday: 'boot-disk', disposition: 'boot-disk', count: 10 },
      { novaToday: 'boot-disk', disposition: 'refuse', count: 3 },
      { novaToday: 'refuse', disposition: 'attach-cdrom', count: 2 },
    ],
  });
});

it('words, losses and envelopes of the one-field view are counted over decided images', () => {
  const summary = summaryOf([
    [row({}), decided(), 5],
    [row({}), decided({ classification: classification('disk', 'vmdk', 'ova'), oneField: { format: 'ova' } }), 2],
    [
      row({}),
      decided({
        classification: classification('filesystem', 'qcow2'),
        oneField: { format: null, why: 'no word for it' },
      }),
      3,
    ],
    [row({}), ambiguous(), 9],
  ]);
  expect(summary.oneField).toEqual({
    words: [
      { format: 'qcow2', count: 5 },
      { format: 'ova', count: 2 },
    ],
    lost: [{ classification: classification('filesystem', 'qcow2'), why: 'no word for it', count: 3 }],
    envelopes: [{ envelope: 'ova', count: 2 }],
  });
});

it('equal classifications have equal keys, whatever the order of their fields', () => {
  const key = classificationKey(classification('disk', 'vmdk', 'ova'));
  expect(classificationKey({ envelope: 'ova', imageType: 'disk', containerType: 'vmdk' })).toBe(key);
  expect(classificationKey(classification('disk', 'vmdk'))).not.toBe(key);
});
