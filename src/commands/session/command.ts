import type { ArgumentsCamelCase, Argv } from 'yargs';

import type { ExitCode } from '../../model/error-codes.ts';
import { type GivenSpeech, speechOf, speechOptions } from '../options/speech.ts';
import { openLog, startLog } from '../log/log.ts';

/** What a command is made of. `Extras` are further arguments of `run`. */
export interface CommandParts<Options, Extras extends readonly unknown[] = []> {
  /** Declares the options; their types follow from the declarations. */
  readonly options: (yargs: Argv) => Argv<Options>;
  readonly run: (options: ArgumentsCamelCase<Options>, ...extras: Extras) => Promise<ExitCode>;
}

/** A command whose options are known to itself alone. */
export interface Command {
  options(yargs: Argv): Argv;
  /** @param name of the command, for its log. */
  run(given: unknown, name: string): Promise<ExitCode>;
}

/**
 * Ties a command's options to its `run`, so that the list of all commands needs no type parameter. Adds the options that
 * every command has, and opens its log.
 */
export function defineCommand<Options>({ options, run }: CommandParts<Options>): Command {
  return {
    options: (yargs) => speechOptions(options(yargs)),
    run: async (given, name) => {
      openLog(speechOf(given as GivenSpeech, name));
      startLog();
      return run(given as ArgumentsCamelCase<Options>);
    },
  };
}
