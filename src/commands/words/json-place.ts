import type { CommandEntry } from '../session/command.ts';
import { namesOf, type OptionInfo } from './describe.ts';

/** `--json` with the place that it has where none is named: standard output. */
export const JSON_TO_STANDARD_OUTPUT = '--json=-';

/** A command as far as the rule needs to know it. */
interface Placing extends Pick<CommandEntry, 'name' | 'operands'> {
  readonly options: readonly OptionInfo[];
}

/**
 * Gives a `--json` its place: `--json` alone becomes `--json=-`, and `--json FILE` becomes `--json=FILE`.
 *
 * The next word is the file, save where it is what the command works on: before the operands, as in `explain --json ID`
 * and `diff --json A B`, unless there are more words than operands (`explain --json FILE ID`). In `probe`, which takes
 * any number of files, it is never the file. So a plan or an image is never overwritten by mistake.
 *
 * @param words those after the command.
 */
export function placeJson(words: readonly string[], command: Placing): readonly string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const at = words.slice(0, end).indexOf('--json');
  if (at === -1) return words;
  const next = words[at + 1];
  const isFile = next !== undefined && (next === '-' || !next.startsWith('-')) && takesFile(words, at, command);
  const rest = words.slice(at + (isFile ? 2 : 1));
  return [...words.slice(0, at), isFile ? `--json=${next}` : JSON_TO_STANDARD_OUTPUT, ...rest];
}

function takesFile(words: readonly string[], at: number, { name, operands, options }: Placing): boolean {
  if (name === 'probe') return false;
  if (words[at + 1] === '-') return true;
  const most = operands.includes('..') ? Infinity : operands.split(' ').filter(Boolean).length;
  if (most === 0) return true;
  const flags = new Set(options.filter(({ takes }) => takes === 'nothing').flatMap(namesOf));
  const before = operandCount(words.slice(0, at), flags);
  return before > 0 || before + 1 + operandCount(words.slice(at + 2), flags) > most;
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
