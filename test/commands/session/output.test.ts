import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

import yargs from 'yargs';

import { openLog } from '../../../src/commands/log/log.ts';
import { plainSpeech } from '../../../src/commands/log/speech.ts';
import { speechOf, speechOptions } from '../../../src/commands/options/speech.ts';
import { stoppedText, styleOf, writeJson } from '../../../src/commands/session/output.ts';

const stream = (given: object): NodeJS.WriteStream => given as NodeJS.WriteStream;
const TERMINAL = { isTTY: true, columns: 90, rows: 30 };
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the style of a stream', () => {
  it('has colours and one screen on a terminal', () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('TERM', 'xterm');
    expect(styleOf(stream(TERMINAL))).toEqual({ width: 90, rows: 30, colour: 'ansi' });
  });

  it.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('has no colours with %s=%s', (name, value) => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv(name, value);
    expect(styleOf(stream(TERMINAL)).colour).toBe('plain');
  });

  it('has no colours with --no-color', async () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('TERM', 'xterm');
    const speech = await speechOptions(yargs().parserConfiguration({ 'boolean-negation': false })).parseAsync([
      '--no-color',
    ]);
    openLog(speechOf(speech, 'plan'));
    expect(styleOf(stream(TERMINAL)).colour).toBe('plain');
    openLog(plainSpeech([]));
    expect(styleOf(stream(TERMINAL)).colour).toBe('ansi');
  });

  it('has everything, plain and wide, in a pipe', () => {
    expect(styleOf(stream({}))).toEqual({ width: 120, rows: null, colour: 'plain' });
  });

  it('is at least 40 columns wide, and 120 where a terminal does not know its size', () => {
    expect(styleOf(stream({ ...TERMINAL, columns: 10 })).width).toBe(40);
    expect(styleOf(stream({ ...TERMINAL, columns: 0, rows: 0 }))).toMatchObject({ width: 120, rows: null });
  });
});

it('a record is made only where a file was named', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-output-')), 'r.json');
  await writeJson(file, () => ({ a: 1 }));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: 1 });
  await writeJson(undefined, () => {
    throw new Error('made all the same');
  });
});

it('a stopped change says how to continue it', () => {
  expect(stoppedText('expand --glance-conf g')).toBe('Stopped; continue with: glance-retype expand --glance-conf g\n');
});
