import yargs, { type Argv } from 'yargs';

/** What the rule needs to know of a command. */
interface Operands {
  readonly name: string;
  /** In yargs' notation: `<before> [after]`. */
  readonly operands: string;
  readonly load: () => Promise<{ options(yargs: Argv): Argv }>;
}

/** `--json` with the place that it has where none is named: standard output. */
export const JSON_TO_STANDARD_OUTPUT = '--json=-';

/**
 * Gives every `--json` its place: `--json` alone becomes `--json=-`, and `--json FILE` becomes `--json=FILE`.
 *
 * The next word is the file, save where it is what the command works on: before the operands, as in `explain --json ID`
 * and `diff --json A B`, unless there are more words than operands (`explain --json FILE ID`). In `probe`, which takes
 * any number of files, it is never the file. So a plan or an image is never overwritten by mistake.
 */
export async function placeJson(
  argv: readonly string[],
  commands: readonly Operands[],
  parser: Argv,
): Promise<readonly string[]> {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const at = argv.slice(0, end).indexOf('--json');
  if (at === -1) return argv;
  const next = argv[at + 1];
  const name = argv.findIndex((word) => commands.some((command) => command.name === word));
  const command = commands.find((entry) => entry.name === argv[name]);
  const isFile =
    next !== undefined &&
    name !== at + 1 &&
    (next === '-' || !next.startsWith('-')) &&
    (command === undefined || (await takesFile(argv, { at, name }, command, parser)));
  const rest = argv.slice(at + (isFile ? 2 : 1));
  return [...argv.slice(0, at), isFile ? `--json=${next}` : JSON_TO_STANDARD_OUTPUT, ...rest];
}

async function takesFile(
  argv: readonly string[],
  { at, name }: { readonly at: number; readonly name: number },
  command: Operands,
  parser: Argv,
): Promise<boolean> {
  if (command.name === 'probe') return false;
  if (argv[at + 1] === '-') return true;
  const most = command.operands.includes('..') ? Infinity : command.operands.split(' ').filter(Boolean).length;
  if (most === 0) return true;
  const flags = new Set([...flagsOf(parser), ...flagsOf((await command.load()).options(yargs()))]);
  const others = (words: readonly string[]): number => operandCount(words, flags);
  const before = others(argv.slice(0, at)) - (name < at ? 1 : 0);
  const after = others(argv.slice(at + 2)) - (name > at ? 1 : 0);
  return before > 0 || before + 1 + after > most;
}

/** Options without a value. The types of yargs 18 lack `getOptions`, which its own completion uses. */
function flagsOf(declared: Argv): readonly string[] {
  const { boolean, alias } = (declared as unknown as { getOptions(): Declared }).getOptions();
  return boolean.flatMap((name) => [name, ...(alias[name] ?? [])]);
}

interface Declared {
  readonly boolean: readonly string[];
  readonly alias: Readonly<Record<string, readonly string[]>>;
}

/** Words that are neither options nor their values. Flags are options without a value. */
function operandCount(words: readonly string[], flags: ReadonlySet<string>): number {
  let count = 0;
  let onlyOperands = false;
  let valueNext = false;
  for (const word of words) {
    if (onlyOperands) count += 1;
    else if (word === '--') onlyOperands = true;
    else if (word.startsWith('-') && word !== '-') {
      valueNext = !word.includes('=') && !flags.has(word.replace(/^-+/u, ''));
    } else if (valueNext) valueNext = false;
    else count += 1;
  }
  return count;
}
