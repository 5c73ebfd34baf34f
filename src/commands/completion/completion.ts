import { type Command, type CommandEntry, defineCommand } from '../session/command.ts';
import { print } from '../session/output.ts';
import { operandsOf } from '../words/describe.ts';
import { typableOptions } from '../words/everywhere.ts';
import { bashScript } from './bash.ts';
import type { CompletedCommand } from './completed.ts';
import { zshScript } from './zsh.ts';

const SHELLS = ['bash', 'zsh'] as const;

/** The command that prints a completion script. @param commands every command, itself among them. */
export function completionCommand(commands: readonly CommandEntry[]): Command {
  return defineCommand({
    options: (yargs) =>
      yargs.positional('shell', {
        choices: SHELLS,
        describe: 'the shell that reads the script (default: the one that SHELL names, else bash)',
      }),
    run: async ({ shell }) => {
      const completed = await Promise.all(commands.map(completedCommand));
      const own = process.env['SHELL']?.endsWith('/zsh') === true ? 'zsh' : 'bash';
      await print((shell ?? own) === 'zsh' ? zshScript(completed) : bashScript(completed));
      return 0;
    },
  });
}

async function completedCommand({ name, summary, load }: CommandEntry): Promise<CompletedCommand> {
  const command = await load();
  return { name, summary, options: typableOptions(command), operands: operandsOf(command) };
}
