import type { ArgumentsCamelCase, Argv } from 'yargs';

import type { ExitCode } from '../../model/error-codes.ts';

/** What a command is made of: its options, and what it does. `run` resolves to the exit code. */
interface CommandParts<Options> {
  /** Adds the options; `Options` names their keys as they are typed on the command line. */
  readonly options: (yargs: Argv) => Argv;
  readonly run: (options: ArgumentsCamelCase<Options>) => Promise<ExitCode>;
}

/** A command whose options are known to itself alone. */
export interface Command {
  options(yargs: Argv): Argv;
  run(given: unknown): Promise<ExitCode>;
}

/** Ties a command's options to its `run`, so that the list of all commands needs no type parameter. */
export function defineCommand<Options>({ options, run }: CommandParts<Options>): Command {
  return { options, run: (given) => run(given as ArgumentsCamelCase<Options>) };
}

/** A command as the list of all commands has it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** What follows the name on the command line, in yargs' notation; empty where only options do. */
  readonly operands: string;
  /** Loads the command. Only one is run, so that no command pays at its start for what another one needs. */
  readonly load: () => Promise<Command>;
}

/** Puts a command into a parser. It is loaded when its name was read. */
export function addCommand(parser: Argv, entry: CommandEntry, onExit: (code: ExitCode) => void): void {
  const words = entry.operands === '' ? entry.name : `${entry.name} ${entry.operands}`;
  parser.command(
    words,
    entry.summary,
    async (yargs: Argv) => (await entry.load()).options(yargs),
    async (given) => {
      const command = await entry.load();
      onExit(await command.run(given));
    },
  );
}
