import { describe, expect, it } from 'vitest';
import {
  inside,
  nextLines,
  nextSection,
  page,
  painted,
  parted,
  renderKeyValues,
  renderLabelled,
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

it('a command among key values keeps all its words', () => {
  const pairs = [
    ['State', 'a state that is far too long'],
    ['Next', 'glance-retype rollback --run 3'],
  ] as const;
  expect(renderKeyValues(pairs, STYLE)).toBe('State  a state that…\nNext   glance-retype rollback --run 3');
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

describe('labelled texts', () => {
  it('are wrapped under themselves, with the texts aligned', () => {
    const text = renderLabelled(
      [
        { label: 'a', text: 'one two three' },
        { label: 'long', text: 'four' },
      ],
      { width: 13, colour: 'plain' },
    );
    expect(text.split('\n')).toEqual(['a     one two', '      three', 'long  four']);
  });

  it('hold nothing that a terminal obeys, and no blanks at the ends of lines', () => {
    const text = renderLabelled(
      [
        { label: 'x\u001b[1m', text: 'y\u202e\nz' },
        { label: 'none', text: '' },
      ],
      {
        width: 80,
        colour: 'plain',
      },
    );
    expect(text.split('\n')).toEqual(['x\\x1b[1m  y\\u202e\\x0az', 'none']);
  });

  it('paint every line of a text and no label', () => {
    const text = renderLabelled([{ label: 'k', text: 'one two', tone: 'bad' }], { width: 6, colour: 'ansi' });
    expect(text).toBe('k  \u001b[31mone\u001b[0m\n   \u001b[31mtwo\u001b[0m');
  });
});

it('values are aligned, escaped and cut', () => {
  expect(
    renderKeyValues(
      [
        ['run', '7'],
        ['lease', 'held by \u001b]0;x\u0007'],
        ['none', ''],
        ['state', { text: 'a very long sentence about it', tone: 'good' }],
      ],
      { width: 24, colour: 'plain' },
    ),
  ).toBe('run    7\nlease  held by…\nnone\nstate  a very long…');
});

it('the tone paints the value alone', () => {
  expect(renderKeyValues([['a', { text: 'b', tone: 'good' }]], { width: 80, colour: 'ansi' })).toBe(
    'a  \u001b[32mb\u001b[0m',
  );
});

it('no pairs, no text', () => {
  expect(renderKeyValues([], { width: 80, colour: 'plain' })).toBe('');
});
