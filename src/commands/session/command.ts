import type { ArgumentsCamelCase, Argv } from 'yargs';

import type { ExitCode } from '../../model/error-codes.ts';

/** What a command is made of. `Extras` are further arguments of `run`. */
export interface CommandParts<Options, Extras extends readonly unknown[] = []> {
  /** Declares the options; their types follow from the declarations. */
  readonly options: (yargs: Argv) => Argv<Options>;
  readonly run: (options: ArgumentsCamelCase<Options>, ...extras: Extras) => Promise<ExitCode>;
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
