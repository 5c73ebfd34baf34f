import { expect, it } from 'vitest';
import { classification } from '../made-images.ts';
import { candidatesText, formatWord } from '../../../src/report/words/decision-words.ts';

it('NULL, the empty string, the word NULL and blanks at an end can be told apart', () => {
  expect([null, '', 'NULL', 'null', ' raw', 'raw'].map(formatWord)).toEqual([
    'NULL',
    "''",
    "'NULL'",
    "'null'",
    "' raw'",
    'raw',
  ]);
});

it('candidates are named best first, and what they share once', () => {
  expect(candidatesText([classification('disk', 'raw'), classification('filesystem', 'raw')])).toBe(
    'disk/raw or filesystem/raw',
  );
  expect(
    candidatesText(['kernel', 'ramdisk', 'other'].map((type) => classification(type as 'kernel', 'raw', 'ova'))),
  ).toBe('(kernel, ramdisk or other)/raw in ova');
  expect(
    candidatesText([
      classification('disk', 'raw'),
      classification('disk', 'qcow2'),
      classification('other', 'raw', 'tgz'),
    ]),
  ).toBe('disk/raw, disk/qcow2 or other/raw in tgz');
});
