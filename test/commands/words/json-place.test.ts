import { describe, expect, it } from 'vitest';

import { commands } from '../../../src/commands/commands.ts';
import { readCommandLine } from '../../../src/commands/words/command-line.ts';
import { typableOptions } from '../../../src/commands/words/everywhere.ts';
import { placeJson } from '../../../src/commands/words/json-place.ts';

/** A line with its command first, and its `--json` placed. */
async function place(typed: string): Promise<string> {
  const line = await readCommandLine(typed.split(' '), commands);
  if (line.kind !== 'command') throw new Error(`${typed} is no command`);
  const { command, words } = line;
  const options = typableOptions(await command.load());
  return [command.name, ...placeJson(words, { ...command, options })].join(' ');
}

describe('--json', () => {
  it.each([
    ['status --json', 'status --json=-'],
    ['status --json --database-url U', 'status --json=- --database-url U'],
    ['--json status', 'status --json=-'],
    ['explain ID --json', 'explain ID --json=-'],
    ['explain --json ID', 'explain --json=- ID'],
    ['explain --json -- ID', 'explain --json=- -- ID'],
    ['explain --database-url U --json ID', 'explain --database-url U --json=- ID'],
    ['explain --full --json ID', 'explain --full --json=- ID'],
    ['explain -q --json ID', 'explain -q --json=- ID'],
    ['explain --database-url=U --json ID', 'explain --database-url=U --json=- ID'],
    ['questions --list --json answers.yaml', 'questions --list --json=- answers.yaml'],
    ['diff --json a.json b.json', 'diff --json=- a.json b.json'],
    ['diff --json a.json', 'diff --json=- a.json'],
    ['rules --json show', 'rules --json=- show'],
  ])('alone means standard output: %s', async (typed, placed) => {
    expect(await place(typed)).toBe(placed);
  });

  it.each([
    ['status --json s.json', 'status --json=s.json'],
    ['status --json -', 'status --json=-'],
    ['--json s.json status', 'status --json=s.json'],
    ['explain ID --json e.json', 'explain ID --json=e.json'],
    ['explain --json e.json ID', 'explain --json=e.json ID'],
    ['explain --json - ID', 'explain --json=- ID'],
    ['explain status --json e.json', 'explain status --json=e.json'],
    ['diff a.json b.json --json d.json', 'diff a.json b.json --json=d.json'],
    ['diff --json d.json a.json b.json', 'diff --json=d.json a.json b.json'],
    ['diff a.json --json d.json --database-url U', 'diff a.json --json=d.json --database-url U'],
    ['diff --json - a.json', 'diff --json=- a.json'],
    ['rules check mine.yaml --json r.json', 'rules check mine.yaml --json=r.json'],
    ['rules show --json r.json', 'rules show --json=r.json'],
    ['explain --json -- a b', 'explain --json=- -- a b'],
  ])('takes the file behind it: %s', async (typed, placed) => {
    expect(await place(typed)).toBe(placed);
  });

  it.each([
    ['probe --json a.qcow2', 'probe --json=- a.qcow2'],
    ['probe a.qcow2 --json b.qcow2', 'probe a.qcow2 --json=- b.qcow2'],
    ['probe --json -', 'probe --json=- -'],
    ['probe --json=lines a.qcow2', 'probe --json=lines a.qcow2'],
  ])('never takes an image for its file: %s', async (typed, placed) => {
    expect(await place(typed)).toBe(placed);
  });

  it.each(['plan', 'explain -- --json', 'plan --json=', 'plan --ndjson --jsonx', 'plan --csv -'])(
    'leaves other words as they are: %s',
    async (typed) => {
      expect(await place(typed)).toBe(typed);
    },
  );

  it('is refused when repeated, as any option is', async () => {
    expect(await place('plan --json a --json b')).toBe('plan --json=a --json b');
  });
});
