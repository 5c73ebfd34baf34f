import { describe, expect, it } from 'vitest';

import { renderKeyValues, renderLabelled } from '../../../../src/report/terminal/layout/labelled.ts';

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
  ).toBe('run    7\nlease  held by \\x1b]0;x…\nnone\nstate  a very long sent…');
});

it('the tone paints the value alone', () => {
  expect(renderKeyValues([['a', { text: 'b', tone: 'good' }]], { width: 80, colour: 'ansi' })).toBe(
    'a  \u001b[32mb\u001b[0m',
  );
});

it('no pairs, no text', () => {
  expect(renderKeyValues([], { width: 80, colour: 'plain' })).toBe('');
});
