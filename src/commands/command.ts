import type { ArgumentsCamelCase, Argv } from 'yargs';

import type { ExitCode } from '../model/error-codes.ts';

/** What a command is made of: its words, its options, and what it does. `run` resolves to the exit code. */
interface CommandParts<Options> {
  readonly name: string;
  readonly summary: string;
  /** Adds the options; `Options` names their keys as they are typed on the command line. */
  readonly options: (yargs: Argv) => Argv;
  readonly run: (options: ArgumentsCamelCase<Options>) => Promise<ExitCode>;
}

/** A command that can be put into a parser. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  addTo(parser: Argv, onExit: (code: ExitCode) => void): void;
}

/** Ties a command's options to its `run`, so that the list of all commands needs no type parameter. */
export function defineCommand<Options>({ name, summary, options, run }: CommandParts<Options>): Command {
  return {
    name,
    summary,
    addTo(parser, onExit) {
      parser.command(
        name,
        summary,
        (yargs: Argv) => options(yargs) as Argv<Options>,
        async (given) => {
          onExit(await run(given));
        },
      );
    },
  };
}
