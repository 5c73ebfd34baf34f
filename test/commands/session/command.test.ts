import { expect, it } from 'vitest';
import yargs from 'yargs';

import { defineCommand } from '../../../src/commands/session/command.ts';

it('a command adds its options and is run with what they were given', async () => {
  const seen: unknown[] = [];
  const command = defineCommand({
    options: (parser) => parser.option('page-size', { type: 'string' }),
    run: async (options) => {
      seen.push(options.pageSize);
      return Promise.resolve(4);
    },
  });
  const given = await command.options(yargs()).parseAsync(['--page-size', '7']);
  expect([await command.run(given, 'made'), seen]).toEqual([4, ['7']]);
});
