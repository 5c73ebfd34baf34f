import { expect, it } from 'vitest';
import yargs from 'yargs';

import { plainSpeech } from '../../../src/commands/log/speech.ts';
import { speechOf, speechOptions } from '../../../src/commands/options/speech.ts';
import { refusal } from '../support/refusal.ts';

const given = async (...words: readonly string[]) =>
  speechOf(await speechOptions(yargs().parserConfiguration({ 'boolean-negation': false })).parseAsync(words), 'plan');

it('a command speaks in text, with colours, a progress line every 30 seconds, unless it is told otherwise', async () => {
  const usual = { format: 'text', extent: 'usual', colour: 'where-possible', every: 30_000, command: 'plan' };
  expect(await given()).toEqual({ ...usual, metrics: null });
  expect(await given('-q', '--no-color')).toMatchObject({ extent: 'quiet', colour: 'never' });
  expect(await given('-v', '--log-format', 'json')).toMatchObject({ extent: 'verbose', format: 'json' });
  expect(await given('--progress-every', '5')).toMatchObject({ every: 5_000 });
});

it.each(['0', '86401', '1.5', 'x'])('seconds between progress lines cannot be %s', (progressEvery) => {
  expect(refusal(() => speechOf({ progressEvery }, 'plan'))[0]).toBe('--progress-every');
});

it.each([
  ['json', ['plan', '--log-format', 'json', '--foo']],
  ['json', ['--log-format=json']],
  ['text', ['plan', '--log-format', 'text']],
  ['text', ['--log-format=jsonx']],
  ['text', ['plan', '--json', '-']],
] as const)('a command line that was not understood is spoken of in %s: %j', (format, argv) => {
  expect(plainSpeech(argv).format).toBe(format);
});
