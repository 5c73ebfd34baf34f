import { describe, expect, it } from 'vitest';

import { commands } from '../../src/commands/commands.ts';
import { readOptions } from '../../src/commands/parser.ts';
import { optionsOf } from '../../src/commands/words/describe.ts';
import { placeJson } from '../../src/commands/words/json-place.ts';

const EXAMPLES = commands.flatMap(({ name, examples }) => examples.map(([words]) => [name, words] as const));

describe('the commands', () => {
  it('have different names, and examples', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { examples } of commands) expect(examples.length).toBeGreaterThan(0);
  });

  it.each(EXAMPLES)('%s takes what its example shows: %s', async (name, words) => {
    const entry = commands.find((command) => command.name === name);
    if (entry === undefined) throw new Error(name);
    // The shell takes the rest.
    const typed = words.replace(/ [<>] .*/, '').split(' ');
    const options = optionsOf(await entry.load());
    await expect(readOptions(entry, placeJson(typed, { ...entry, options }), 80)).resolves.toMatchObject({
      $0: `glance-retype ${name}`,
    });
  });

  it.each(commands.map((entry) => [entry.name, entry] as const))(
    '%s shows every option under a heading',
    async (_name, entry) => {
      const loose = optionsOf(await entry.load()).filter(({ group }) => group === null);
      expect(loose.map(({ name }) => name)).toEqual([]);
    },
  );
});
