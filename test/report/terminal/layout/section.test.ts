import { expect, it } from 'vitest';

import {
  inside,
  nextLines,
  nextSection,
  page,
  painted,
  parted,
  section,
  sentence,
} from '../../../../src/report/terminal/layout/section.ts';

const STYLE = { width: 20, colour: 'plain' } as const;

it('blocks are indented under a title that is cut; empty blocks are left out', () => {
  expect(section('A title that is far too long', ['one\n\ntwo', '', 'three'], STYLE)).toBe(
    'A title that is far…\n  one\n\n  two\n  three',
  );
  expect(inside(STYLE).width).toBe(18);
  expect(inside({ ...STYLE, width: 1 }).width).toBe(1);
});

it('blocks of a page have an empty line between them, and LF at the end', () => {
  expect(page(['a', '', 'b'])).toBe('a\n\nb\n');
  expect(parted(['', 'a', 'b'])).toEqual(['a', '\nb']);
});

it('a sentence is escaped and wrapped, each line painted on its own', () => {
  expect(sentence('a\u001b[2J sentence of words', STYLE, '- ', '  ')).toBe('- a\\x1b[2J sentence\n  of words');
  expect(painted('one two', 'bad', { width: 3, colour: 'ansi' })).toBe(
    '\u001b[31mone\u001b[0m\n\u001b[31mtwo\u001b[0m',
  );
});

it('a command is never broken; a remark that would break it is left out', () => {
  const next = ['glance-retype plan     # counts', 'expand  # adds'];
  expect(nextSection(next, STYLE)).toBe('Next\n  glance-retype plan     # counts\n  expand  # adds');
  expect(nextLines(next, STYLE)).toBe('Next\n  glance-retype plan\n  expand  # adds');
  expect(nextLines([], STYLE)).toBe('');
});
