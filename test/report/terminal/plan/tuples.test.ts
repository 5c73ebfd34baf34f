import { expect, it } from 'vitest';

import { tuplesPart, tuplesSection } from '../../../../src/report/terminal/plan/tuples.ts';
import { ambiguous, classification, decided, notApplicable, row, summaryOf, unmappable } from '../../made-images.ts';

const PLAIN = { width: 100, colour: 'plain' } as const;
const three = ambiguous({
  candidates: [classification('disk', 'raw'), classification('kernel', 'raw'), classification('ramdisk', 'raw')],
});
const SUMMARY = summaryOf([
  [row({}), decided({ rule: 'A' }), 4],
  [row({}), decided({ rule: 'B' }), 2],
  [row({}), three, 3],
  [row({}), unmappable({ imageType: 'other' }), 5],
  [row({}), notApplicable(), 2],
  [row({}), decided({ classification: classification('disk', 'raw') })],
  [row({ diskFormat: null, containerFormat: '' }), unmappable(), 2],
]);

it('outcomes that read the same share a line; of many the smallest are counted together', () => {
  expect(tuplesSection(SUMMARY, PLAIN).split('\n')).toEqual([
    'What the images become',
    '  images  disk_format  container_format  status          becomes',
    '       6  qcow2        bare              inferred        disk/qcow2',
    '       5                                 unmappable      other/?',
    '       3                                 ambiguous       disk/raw or 2 others',
    '       2                                 not-applicable  -',
    '       1                                                 1 more outcomes',
    "       2  NULL         ''                unmappable      -",
  ]);
});

it('on a screen a tuple has one line', () => {
  const part = tuplesPart(SUMMARY);
  expect(part?.draw(2, PLAIN).split('\n')).toEqual([
    '17  qcow2 / bare  8 undecided, 6 disk/qcow2, 2 without payload, 1 disk/raw',
    " 2  NULL / ''     2 undecided",
  ]);
  expect([part?.beyond, tuplesPart(summaryOf([])), tuplesSection(summaryOf([]), PLAIN)]).toEqual([0, null, '']);
});
