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

/** A command as the parser needs it before the command's own module is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** What follows the name on the command line, in yargs' notation; empty where only options do. */
  readonly operands: string;
  /** What follows the name in a command worth trying, and what that does. */
  readonly examples: readonly (readonly [words: string, purpose: string])[];
  /** Loads the command. Only the one that runs is loaded, so that no command starts slower because of another. */
  readonly load: () => Promise<Command>;
}

/**
 * Ties a command's options to its `run`, so that the list of all commands needs no type parameter. Adds the options
 * that every command has, and opens its log.
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
