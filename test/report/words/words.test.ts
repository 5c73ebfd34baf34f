import { expect, it } from 'vitest';
import { typing } from '../made-images.ts';
import { candidatesText, formatWord } from '../../../src/report/words/words.ts';

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
  expect(candidatesText([typing('disk', 'raw'), typing('filesystem', 'raw')])).toBe('disk/raw or filesystem/raw');
  expect(candidatesText(['kernel', 'ramdisk', 'other'].map((type) => typing(type as 'kernel', 'raw', 'ova')))).toBe(
    '(kernel, ramdisk or other)/raw in ova',
  );
  expect(candidatesText([typing('disk', 'raw'), typing('disk', 'qcow2'), typing('other', 'raw', 'tgz')])).toBe(
    'disk/raw, disk/qcow2 or other/raw in tgz',
  );
});
