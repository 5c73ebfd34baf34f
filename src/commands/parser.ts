import yargs, { type Argv } from 'yargs';

import type { ExitCode } from '../model/error-codes.ts';
import type { RetypeError } from '../model/error.ts';
import { type CommandEntry, commands } from './commands.ts';
import { JSON_TO_STANDARD_OUTPUT, placeJson } from './options/json-place.ts';
import { BEHIND_DASHES, STANDARD_INPUT } from './options/kinds.ts';
import { usageError } from './options/usage.ts';
import { stoppedError, tellAsJson } from './session/json-failure.ts';
import { toolVersion } from './log/version.ts';

const EXIT_CODES = `Exit codes:
  0 done, nothing left         1 internal error        2 usage or configuration
  3 stopped, resumable         4 undecided rows        5 refused by a preflight check
  6 lease held by another run  7 difference found      8 the environment failed`;

/**
 * The parser with every command; the reference page is made from it too. It throws instead of printing, so that
 * `cli.ts` decides message and exit code.
 *
 * @param width columns of the help text.
 */
export function buildParser(onExit: (code: ExitCode) => void, width: number): Argv {
  const parser = yargs()
    .scriptName('glance-retype')
    .usage(
      '$0 COMMAND [options]\n\nFrom disk_format and container_format to image type and container type: plan first, then migrate.',
    )
    .parserConfiguration({
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .epilogue(EXIT_CODES)
    .version(toolVersion())
    .help()
    .alias('help', 'h')
    .strict()
    .recommendCommands()
    .demandCommand(1, 1, 'a command is needed', 'one command at a time')
    .wrap(width)
    .locale('en')
    .updateStrings({ 'Arguments %s and %s are mutually exclusive': '%s and %s together; leave one of them out' })
    .check(refuseRepeated)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error === undefined || isObjection(error) ? objection(message ?? error?.message ?? '') : error;
    });
  for (const command of commands) {
    addCommand(parser, command, onExit);
  }
  parser.command('completion', 'prints a script that completes commands and options in bash or zsh', {}, () => {
    parser.showCompletionScript();
  });
  renderHelpOnDemand(parser);
  return parser;
}

function addCommand(
  parser: Argv,
  { name, operands, summary, examples, load }: CommandEntry,
  onExit: (code: ExitCode) => void,
): void {
  parser.command(
    `${name} ${operands}`.trimEnd(),
    summary,
    async (yargs: Argv) => {
      const command = await load();
      return command.options(
        examples.reduce((made, [words, purpose]) => made.example(`$0 ${name} ${words}`, purpose), yargs),
      );
    },
    async (given) => {
      const command = await load();
      const code = await command.run(given, name);
      // The lines of probe need no end.
      if (code === 3 && given['json'] === '-' && name !== 'probe') await tellAsJson(stoppedError(name));
      onExit(code);
    },
  );
}

/**
 * yargs (18.2) renders the help of every command that it runs, in case the command fails. Here `fail` throws and
 * shows no help. Rendering takes 44 ms, a sixth of a short command (measured on 2026-11-30), and no public option
 * prevents it.
 */
function renderHelpOnDemand(parser: Argv): void {
  const internals = parser as unknown as {
    getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } };
  };
  internals.getInternalMethods().getUsageInstance().cacheHelpMessage = () => {};
}

/** Commands that read standard input where an operand is `-`. */
const READ_STANDARD_INPUT: readonly (string | undefined)[] = ['probe', 'diff'];

/**
 * Brings the operands behind `--` to where yargs (18.2) reads operands: it leaves them out, and takes those that begin
 * with a dash for options. Operands are files, save the id of `explain`.
 */
function keepDashedOperands(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const [command, ...rest] = argv;
  if (end < 1 || command === undefined) return argv;
  const operands = argv.slice(end + 1).map((word) => {
    if (!word.startsWith('-') || word === '-') return word;
    return command === 'explain' ? BEHIND_DASHES + word : `./${word}`;
  });
  return [command, ...operands, ...rest.slice(0, end - 1)];
}

/** Keeps every `-` among those operands: yargs reads it as the beginning of an option and drops it. */
function keepStandardInput(argv: readonly string[]): readonly string[] {
  // In other commands it is the value of an option, and yargs keeps it.
  if (!READ_STANDARD_INPUT.includes(argv[0])) return argv;
  return argv.map((word) => (word === '-' ? STANDARD_INPUT : word));
}

/**
 * Reads a command line and runs its command. yargs (18.2) reports an option without its value not by `fail` but as a
 * rejection, as errors of the command are.
 *
 * @throws RetypeError USAGE, and what the command throws.
 */
export async function runCommandLine(parser: Argv, argv: readonly string[]): Promise<void> {
  const placed = await placeJson(argv, commands, parser);
  try {
    await parser.parseAsync([...keepStandardInput(keepDashedOperands(placed))]);
  } catch (error) {
    const told = isObjection(error) ? objection(error.message) : error;
    if (placed.includes(JSON_TO_STANDARD_OUTPUT)) await tellAsJson(told);
    throw told;
  }
}

function isObjection(error: unknown): error is Error {
  return error instanceof Error && error.name === 'YError';
}

/** An objection of yargs, in the form of every other message. */
function objection(message: string): RetypeError {
  const found = message.replaceAll(/\s*\n\s*/gu, '; ');
  const advice = 'see glance-retype --help, or glance-retype COMMAND --help';
  return usageError('the command line', 'a command and options that it takes', found, advice);
}

/**
 * Options that may be given several times. All others are refused when repeated, so that no value is silently
 * dropped.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  '_',
  'compare-node',
  'compareNode',
  'config-dir',
  'configDir',
  'config-file',
  'configFile',
  'glance-conf',
  'glanceConf',
  'node-conf',
  'nodeConf',
  'rules',
  'store-path',
  'storePath',
  'replica',
  'source',
  'files',
]);

function refuseRepeated(argv: Readonly<Record<string, unknown>>): true {
  for (const [key, value] of Object.entries(argv)) {
    if (Array.isArray(value) && !REPEATABLE.has(key)) {
      throw objection(`--${key} given ${value.length} times`);
    }
  }
  return true;
}
