import { expect, it } from 'vitest';

import { paint, type Tone } from '../../../src/report/words/style.ts';

it('a tone is an escape sequence around the text', () => {
  const painted = (['bold', 'dim', 'good', 'warn', 'bad'] as const satisfies readonly Tone[]).map((tone) =>
    paint('x', tone, { colour: 'ansi' }),
  );
  expect(painted).toEqual([1, 2, 32, 33, 31].map((code) => `\u001b[${code}mx\u001b[0m`));
});

it('plain styles, plain tones and empty texts get none', () => {
  expect(paint('x', 'bad', { colour: 'plain' })).toBe('x');
  expect(paint('x', 'plain', { colour: 'ansi' })).toBe('x');
  expect(paint('', 'bad', { colour: 'ansi' })).toBe('');
});
