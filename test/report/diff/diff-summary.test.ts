import { expect, it } from 'vitest';
import { compareRecords } from '../../../src/report/diff/compare.ts';
import { changeLine, countsAsDifferent, diffRecord } from '../../../src/report/diff/diff-summary.ts';
import { NASTY } from '../made-images.ts';
import { compared, open, record, settled } from './records.ts';

it.each([
  ['decision', [record(), record({ envelope: 'ova' })], [true, true, false]],
  ['evidence', [record(), record({ findings: ['A'] })], [true, false, false]],
  ['added', [null, record()], [true, false, false]],
  ['nothing', [record(), record()], [false, false, false]],
] as const)('differs by what was asked for: %s', (_name, pair, expected) => {
  const summary = compared([pair]);
  expect((['any', 'decision', 'none'] as const).map((failOn) => countsAsDifferent(summary, failOn))).toEqual(expected);
});

it('writes one line of JSON an image, and a document with the documented keys', () => {
  const change = compareRecords(open({ name: NASTY.join('') }), settled);
  if (change === null) throw new Error('a change was expected');
  const line = changeLine(change);
  expect(line.split(/[\n\r\u0085\u2028]/)).toHaveLength(2);
  expect(JSON.parse(line)).toEqual({
    image_id: 'i1',
    changes: ['decision', 'name', 'rule', 'today'],
    why: ['rules'],
    before: open({ name: NASTY.join('') }),
    after: settled,
  });
  expect(Object.keys(diffRecord(compared([[open(), settled]]), '1', 'different'))).toEqual([
    'format_version',
    'glance_retype_diff',
    'verdict',
    'before',
    'after',
    'headers',
    'same',
    'changed',
    'kinds',
    'transitions',
    'other_transitions',
    'findings',
  ]);
});
