import { loadServices } from '../../services/table/load.ts';
import { shippedServices } from '../../services/table/service-files.ts';
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
      const offered = offeredValues();
      const completed = await Promise.all(commands.map((command) => completedCommand(command, offered)));
      const own = process.env['SHELL']?.endsWith('/zsh') === true ? 'zsh' : 'bash';
      await print((shell ?? own) === 'zsh' ? zshScript(completed) : bashScript(completed));
      return 0;
    },
  });
}

/** Values of options that take others too: those that the shipped table of services knows. */
function offeredValues(): Readonly<Record<string, readonly string[]>> {
  const { releases, backends, services, diskFormats } = loadServices(shippedServices());
  return {
    openstack: releases.map(({ name }) => name),
    'nova-backend': backends.map(({ name }) => name),
    'must-accept': [...services.keys()],
    'disk-format': diskFormats,
  };
}

async function completedCommand(
  { name, summary, load }: CommandEntry,
  offered: ReturnType<typeof offeredValues>,
): Promise<CompletedCommand> {
  const command = await load();
  const options = typableOptions(command).map((option) => ({
    ...option,
    choices: offered[option.name] ?? option.choices,
  }));
  return { name, summary, options, operands: operandsOf(command) };
}
