import { describe, expect, it } from 'vitest';
import yargs from 'yargs';

import { commands } from '../../src/commands/commands.ts';

const EXAMPLES = commands.flatMap(({ name, examples }) => examples.map(([words]) => [name, words] as const));

describe('the commands', () => {
  it('have different names, and examples', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { examples } of commands) expect(examples.length).toBeGreaterThan(0);
  });

  it.each(EXAMPLES)('%s takes what its example shows: %s', async (name, words) => {
    const entry = commands.find((command) => command.name === name);
    if (entry === undefined) throw new Error(name);
    const command = await entry.load();
    const typed = words.replace(/ < .*/, '').replace(/^-$/, 'STDIN').split(' ');
    const parser = yargs()
      .parserConfiguration({ 'boolean-negation': false, 'parse-numbers': false })
      .command(
        `${name} ${entry.operands}`.trimEnd(),
        entry.summary,
        (made) => command.options(made),
        () => {},
      )
      .strict()
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new Error(message);
      });
    await expect(parser.parseAsync([name, ...typed])).resolves.toMatchObject({ _: [name] });
  });
});
