import { expect, it } from 'vitest';
import { renderKeyValues } from '../../../../src/report/terminal/layout/key-values.ts';

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
