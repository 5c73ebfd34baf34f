import { type Problem, RetypeError } from '../../model/error.ts';
import type { CommandEntry } from '../session/command.ts';
import { BEHIND_DASHES, STANDARD_INPUT } from '../options/kinds.ts';
import { dashed } from './dashed.ts';
import { namesOf, type OptionInfo } from './describe.ts';
import { NEEDLESS_WHERE_NOTHING_IS_WRITTEN, optionMeant } from './known-options.ts';
import { nearest, plainly } from '../../model/nearest.ts';

/** Commands that read standard input where an operand is `-`. */
const READ_STANDARD_INPUT: ReadonlySet<string> = new Set(['probe', 'diff']);

/** A command as the words of its line are checked against it. */
export interface Checked {
  readonly entry: Pick<CommandEntry, 'name' | 'operands' | 'examples'>;
  readonly options: readonly OptionInfo[];
  readonly operands: readonly OptionInfo[];
  /** Options of all other commands, with the names of those commands. Asked for only where an option is unknown. */
  readonly elsewhere: () => Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * Checks the words after a command: every option is known, has the value that it takes, and no operand is too many or
 * missing. yargs would tell of one mistake, and would not say what was meant.
 *
 * @returns the words for yargs, with every operand `-` replaced, because yargs drops it.
 * @throws RetypeError USAGE with every problem.
 */
export async function checkWords(words: readonly string[], command: Checked): Promise<readonly string[]> {
  const { entry, options } = command;
  const known = new Map(options.flatMap((option) => namesOf(option).map((name) => [name, option] as const)));
  const problems: Problem[] = [];
  const operands: string[] = [];
  const passed: string[] = [];
  const seen = new Map<OptionInfo, number>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') {
      const behind = words.slice(index + 1);
      operands.push(...behind);
      passed.unshift(...behind.map((operand) => dashedOperand(operand, entry.name)));
      break;
    }
    if (!isOption(word)) {
      operands.push(word);
      passed.push(word === '-' && READ_STANDARD_INPUT.has(entry.name) ? STANDARD_INPUT : word);
      continue;
    }
    passed.push(word);
    const problem = wrongDashes(word, known) ?? (await unknownOption(word, known, command));
    if (problem !== null) {
      problems.push(problem);
      // The word after it is more likely its value than an operand.
      if (!word.includes('=') && operandCount(entry).most === 0 && isValue(words[index + 1])) index += 1;
      continue;
    }
    for (const option of optionsIn(word, known)) seen.set(option, (seen.get(option) ?? 0) + 1);
    const option = optionsIn(word, known).at(-1);
    if (option?.takes !== 'value') {
      // yargs takes such a word as the value of the option before it.
      if (option !== undefined && /^(?:true|false)$/u.test(words[index + 1] ?? ''))
        passed.push(words[(index += 1)] ?? '');
      continue;
    }
    const inline = word.includes('=') ? word.slice(word.indexOf('=') + 1) : null;
    const value = inline ?? words[index + 1];
    if (value === undefined || value === '' || (inline === null && !isValue(value))) {
      problems.push(missingValue(entry, word, option, value));
      if (value === '' && inline === null) index += 1;
      continue;
    }
    if (option.choices.length > 0 && !option.choices.includes(value))
      problems.push(wrongChoice(dashed(option.name), option.choices, value));
    if (inline === null) passed.push(words[(index += 1)] ?? '');
  }
  for (const [option, times] of seen)
    if (times > 1 && !option.repeatable) problems.push(repeated(entry, option, times));
  if (problems.length === 0) problems.push(...operandProblems(command, operands));
  const [first, ...others] = problems;
  if (first !== undefined) throw new RetypeError('USAGE', [first, ...others]);
  return passed;
}

/**
 * An operand behind `--` in a form that yargs (18.2) takes for one: it leaves out what stands there, and takes what
 * begins with a dash for an option. Operands are files, save the id of `explain`.
 */
function dashedOperand(operand: string, command: string): string {
  if (!operand.startsWith('-') || operand === '-') return operand;
  return command === 'explain' ? BEHIND_DASHES + operand : `./${operand}`;
}

/** A hyphen, or a dash that a word processor has made of it. */
const OTHER_DASH = /^[\u2010-\u2015\u2212]/u;

function isOption(word: string): boolean {
  return (word.startsWith('-') && word !== '-' && !isNumber(word)) || OTHER_DASH.test(word);
}

function isNumber(word: string): boolean {
  return /^-\d/u.test(word);
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !isOption(word);
}

/** The options that a word names: one, or several letters after one dash. */
function optionsIn(word: string, known: ReadonlyMap<string, OptionInfo>): readonly OptionInfo[] {
  const bare = nameIn(word);
  const names = word.startsWith('--') ? [bare] : bare.split('');
  return names.flatMap((name) => optionNamed(name, known) ?? []);
}

/** As yargs does, `--databaseUrl` is taken for `--database-url`. */
function optionNamed(name: string, known: ReadonlyMap<string, OptionInfo>): OptionInfo | undefined {
  return known.get(name) ?? known.get(name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`));
}

function nameIn(word: string): string {
  return word.replace(/^[-\u2010-\u2015\u2212]+/u, '').replace(/=.*$/su, '');
}

/** Options with one dash instead of two, or with a dash of a word processor. */
function wrongDashes(word: string, known: ReadonlyMap<string, OptionInfo>): Problem | null {
  const name = nameIn(word);
  const right = known.has(name) ? dashed(name) : `--${name}`;
  if (OTHER_DASH.test(word) || /^-+[\u2010-\u2015\u2212]/u.test(word))
    return {
      place: word,
      expected: 'an option that begins with two hyphens',
      found: 'another dash, as word processors and web pages make of them',
      advice: `type ${right}`,
    };
  if (word.startsWith('--') || name.length < 2 || !known.has(name)) return null;
  return {
    place: word,
    expected: 'two dashes before the long name of an option',
    found: word,
    advice: `did you mean ${right}?`,
  };
}

async function unknownOption(
  word: string,
  known: ReadonlyMap<string, OptionInfo>,
  { entry, elsewhere }: Checked,
): Promise<Problem | null> {
  const name = nameIn(word);
  const isLong = word.startsWith('--');
  const unknown = isLong ? [name] : name.split('');
  if (name !== '' && unknown.every((one) => optionNamed(one, known) !== undefined)) return null;
  const help = `glance-retype ${entry.name} --help lists the options`;
  const problem = {
    place: `glance-retype ${entry.name}`,
    expected: `an option that ${entry.name} has`,
    found: word.replace(/=.*$/su, ''),
  };
  const names = new Set([...known.keys()].filter((one) => one.length > 1));
  const writes = names.has('yes');
  if (!writes && NEEDLESS_WHERE_NOTHING_IS_WRITTEN.has(name))
    return { ...problem, advice: `leave it out: ${entry.name} writes nothing to the database. ${help}` };
  const meant = similarOption(name, names);
  if (meant.length > 0) return { ...problem, advice: `did you mean ${meant.map(dashed).join(' or ')}? ${help}` };
  const others = (await elsewhere()).get(name);
  if (others !== undefined) return { ...problem, advice: `${dashed(name)} belongs to ${others.join(', ')}. ${help}` };
  return { ...problem, advice: help };
}

/** The options of a command that may have been meant by an unknown name. */
function similarOption(name: string, names: ReadonlySet<string>): readonly string[] {
  const same = [...names].filter((one) => plainly(one) === plainly(name));
  if (same.length > 0) return same;
  const meant = optionMeant(name, names);
  if (meant !== null) return [meant];
  const close = nearest(name, names);
  if (close.length > 0) return close;
  if (name.length < 3) return [];
  const begun = [...names].filter((one) => one.startsWith(name.toLowerCase()));
  if (begun.length > 0) return begun;
  // `--latency` for `--max-latency`; a part of three letters says too little.
  return [...names].filter((one) => one.split('-').includes(name.toLowerCase())).slice(0, 3);
}

function missingValue(entry: Checked['entry'], word: string, option: OptionInfo, value: string | undefined): Problem {
  const name = word.replace(/=.*$/su, '');
  return {
    place: name,
    expected: option.choices.length === 0 ? `a value: ${option.text}` : `one of ${option.choices.join(', ')}`,
    found: value === undefined ? 'nothing behind it' : value === '' ? 'an empty value' : `the next option, ${value}`,
    advice: `write ${name} VALUE, or leave it out; glance-retype ${entry.name} --help explains it`,
  };
}

function wrongChoice(place: string, choices: readonly string[], found: string): Problem {
  const meant = nearest(found, choices);
  const advice = meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : 'give one of these';
  return { place, expected: `one of ${choices.join(', ')}`, found: withoutPassword(found), advice };
}

function repeated(entry: Checked['entry'], option: OptionInfo, times: number): Problem {
  return {
    place: `glance-retype ${entry.name}`,
    expected: `${dashed(option.name)} once`,
    found: `${dashed(option.name)} given ${times} times`,
    advice: 'keep one of them',
  };
}

/** How many operands a command takes, from yargs' notation: `<before> [after]`, `<source..>`. */
function operandCount({ operands }: Pick<CommandEntry, 'operands'>): { readonly least: number; readonly most: number } {
  const parts = operands.split(' ').filter((part) => part !== '');
  return {
    least: parts.filter((part) => part.startsWith('<')).length,
    most: parts.some((part) => part.includes('..')) ? Number.POSITIVE_INFINITY : parts.length,
  };
}

function operandProblems(
  { entry, options, operands: declared }: Pick<Checked, 'entry' | 'options' | 'operands'>,
  operands: readonly string[],
): readonly Problem[] {
  const { name } = entry;
  const { least, most } = operandCount(entry);
  const place = `glance-retype ${name}`;
  const names = entry.operands.toUpperCase().replaceAll(/[<>]/gu, '').replaceAll('..', ' …');
  const [[words] = ['']] = entry.examples;
  const example = `for example: glance-retype ${name} ${words}`.trimEnd();
  if (operands.length < least)
    return [
      {
        place,
        expected: names,
        found: operands.length === 0 ? `nothing after ${name}` : withoutPassword(operands.join(' ')),
        advice: example,
      },
    ];
  const wrong = declared.flatMap(({ name: place, choices }, index) => {
    const operand = operands[index];
    if (operand === undefined || choices.length === 0 || choices.includes(operand)) return [];
    return [wrongChoice(`glance-retype ${name} ${place.toUpperCase()}`, choices, operand)];
  });
  if (wrong.length > 0 || operands.length <= most) return wrong;
  const extra = operands.slice(most);
  const option = optionFor(extra[0] ?? '', options);
  return [
    {
      place,
      expected: most === 0 ? `options and nothing else after ${name}` : `${names} and no more`,
      found: withoutPassword(extra.join(' ')),
      advice:
        option === null
          ? `leave it out: one command at a time, and every option begins with --; ${example}`
          : `did you mean ${option} ${withoutPassword(extra[0] ?? '')}?`,
    },
  ];
}

/** The option that a bare address or configuration file was meant for. */
function optionFor(operand: string, options: readonly OptionInfo[]): string | null {
  const names = options.map(({ name }) => name);
  const wanted = /:\/\//u.test(operand) ? 'database-url' : /\.(?:conf|ini)$/u.test(operand) ? 'glance-conf' : null;
  return wanted !== null && names.includes(wanted) ? dashed(wanted) : null;
}

/** An address may have come to a place where none belongs. */
function withoutPassword(text: string): string {
  return text.replaceAll(/(:\/\/[^\s:/@]*:)[^\s]*@/gu, '$1***@');
}
