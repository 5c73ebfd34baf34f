import yargs, { type Argv } from 'yargs';

import type { ExitCode } from '../model/error-codes.ts';
import type { RetypeError } from '../model/error.ts';
import { commands } from './commands.ts';
import { usageError } from './options/usage.ts';
import type { Command, CommandEntry } from './session/command.ts';
import { print } from './session/output.ts';
import { toolVersion } from './log/version.ts';
import { stoppedError, tellAsJson } from './session/json-failure.ts';
import { checkWords } from './words/check-words.ts';
import { readCommandLine } from './words/command-line.ts';
import { namesOf, operandsOf, optionsOf } from './words/describe.ts';
import { typableOptions } from './words/everywhere.ts';
import { JSON_TO_STANDARD_OUTPUT, placeJson } from './words/json-place.ts';

/** What the program does, in a sentence. */
export const SUMMARY =
  'from disk_format and container_format to image type and container type: plan first, then migrate';

const EXIT_CODES = `Exit codes:
  0 done, nothing left         1 internal error        2 usage or configuration
  3 stopped, resumable         4 undecided rows        5 refused by a preflight check
  6 lease held by another run  7 difference found      8 the environment failed`;

/**
 * Runs one command line: help, the version, or a command. Where standard output is for JSON, an error is written there
 * too.
 *
 * @param width columns of a help text.
 * @throws RetypeError USAGE, and what the command throws.
 */
export async function runCommandLine(argv: readonly string[], width: number): Promise<ExitCode> {
  let wantsJson = argv.includes(JSON_TO_STANDARD_OUTPUT) || argv.at(-1) === '--json';
  try {
    const line = await readCommandLine(argv, commands);
    if (line.kind === 'version') {
      await print(`${toolVersion()}\n`);
      return 0;
    }
    if (line.kind === 'help') {
      await print(`${await helpText(line.command, width)}\n`);
      return 0;
    }
    const { command: entry } = line;
    const command = await entry.load();
    const words = placeJson(line.words, { ...entry, options: typableOptions(command) });
    wantsJson = words.includes(JSON_TO_STANDARD_OUTPUT);
    const code = await command.run(await readOptions(entry, words, width), entry.name);
    // The lines of probe need no end.
    if (code === 3 && wantsJson && entry.name !== 'probe') await tellAsJson(stoppedError(entry.name));
    return code;
  } catch (error) {
    if (wantsJson) await tellAsJson(error);
    throw error;
  }
}

/**
 * Reads the words after a command.
 * @throws RetypeError USAGE with every problem.
 */
export async function readOptions(entry: CommandEntry, words: readonly string[], width: number): Promise<unknown> {
  const command = await entry.load();
  const options = typableOptions(command);
  const declared = { entry, options, operands: operandsOf(command), elsewhere: optionsElsewhere };
  const checked = await checkWords(words, declared);
  let given: unknown;
  const parser = commandParser(entry, command, width, (read) => {
    given = read;
  });
  try {
    await parser.parseAsync([...checked]);
  } catch (error) {
    // yargs (18.2) reports some mistakes not by `fail` but as a rejection.
    throw isObjection(error) ? objection(entry, error.message) : error;
  }
  return given;
}

/** The help of a command, or of the program. @param width columns. */
export async function helpText(entry: CommandEntry | null, width: number): Promise<string> {
  const parser = entry === null ? programParser(width) : commandParser(entry, await entry.load(), width, () => {});
  return parser.getHelp();
}

/** The parser whose help lists the commands. */
function programParser(width: number): Argv {
  const parser = basis(yargs().scriptName('glance-retype'), width).usage(
    `$0 COMMAND [options]\n\nF${SUMMARY.slice(1)}.`,
  );
  for (const { name, operands, summary } of commands) parser.command(`${name} ${operands}`.trimEnd(), summary);
  return parser
    .epilogue(EXIT_CODES)
    .example('$0 plan --glance-conf /etc/glance/glance-api.conf', 'begin here: what would happen; writes nothing')
    .example('$0 help plan', 'the options of plan')
    .example('$0 migrate --dry-run', 'what migrate would write; writes nothing');
}

/**
 * The parser of one command. The command is the only one that its yargs knows, and its default: for any other, yargs
 * (18.2) renders the help at every start, which takes a sixth of a short command (measured on 2026-11-30).
 */
function commandParser(
  { name, operands, summary, examples }: CommandEntry,
  command: Command,
  width: number,
  onGiven: (given: unknown) => void,
): Argv {
  return basis(yargs().scriptName(`glance-retype ${name}`), width)
    .strict()
    .updateStrings({ 'Arguments %s and %s are mutually exclusive': '%s and %s together; leave one of them out' })
    .fail((message: string | null, error: Error | undefined) => {
      throw error === undefined || isObjection(error) ? objection({ name }, message ?? error?.message ?? '') : error;
    })
    .command(
      `$0 ${operands}`.trimEnd(),
      summary,
      (made) => command.options(examples.reduce((yes, [words, purpose]) => yes.example(`$0 ${words}`, purpose), made)),
      onGiven,
    );
}

/** What both kinds of parser have in common. */
function basis(parser: Argv, width: number): Argv {
  return parser
    .parserConfiguration({
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .version(toolVersion())
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .wrap(width)
    .locale('en')
    .exitProcess(false);
}

/** Which commands have an option, by its name. */
async function optionsElsewhere(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { name: command, load } of commands)
    for (const option of optionsOf(await load()))
      for (const name of namesOf(option)) found.set(name, [...(found.get(name) ?? []), command]);
  return found;
}

function isObjection(error: unknown): error is Error {
  return error instanceof Error && error.name === 'YError';
}

/** An objection of yargs, in the form of every other message. */
function objection({ name }: Pick<CommandEntry, 'name'>, message: string): RetypeError {
  const found = message.replaceAll(/\s*\n\s*/gu, '; ');
  const advice = `glance-retype ${name} --help lists the options`;
  return usageError(`glance-retype ${name}`, 'options that can be given together', found, advice);
}
