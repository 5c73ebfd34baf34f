import { RetypeError } from '../../model/error.ts';
import type { CommandEntry } from '../session/command.ts';
import { adviceFor, KNOWN_WORDS } from './known-words.ts';
import { nearest, plainly } from '../../model/nearest.ts';
import { dashed } from './dashed.ts';
import { namesOf, optionsOf } from './describe.ts';

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: 'help'; readonly command: CommandEntry | null }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly command: CommandEntry; readonly words: readonly string[] };

const HELP = new Set(['-h', '--help', '-help', '-?', '/?', '--?']);
const VERSION = new Set(['-V', '--version', '-version']);

/** Commands that change a database. A word that is no command must not lead there. */
const WRITING: ReadonlySet<string> = new Set(['expand', 'migrate', 'rollback', 'contract', 'rehearse']);

/**
 * Finds out which command is meant, before any option is looked at. Help and version win over everything else that is
 * typed, so that nobody who asks for help starts a command.
 *
 * @throws RetypeError USAGE where no command is named, or one that does not exist.
 */
export async function readCommandLine(
  argv: readonly string[],
  commands: readonly CommandEntry[],
): Promise<CommandLine> {
  const named = (word: string | undefined): CommandEntry | undefined => commands.find(({ name }) => name === word);
  const [first, second, ...rest] = argv;
  if (first === undefined) return { kind: 'help', command: null };
  const flags = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  const asksHelp = flags.some((word) => HELP.has(word));
  if (first === 'help' || (second === 'help' && argv.length === 2 && named(first) !== undefined)) {
    const about = [first, ...flags.slice(1)].find((word) => word !== 'help' && !word.startsWith('-'));
    if (about === undefined || about === 'version') return { kind: 'help', command: null };
    const command = named(about);
    if (command === undefined) throw unknownCommand(about, rest[0], commands);
    return { kind: 'help', command };
  }
  if (!asksHelp && ((first === 'version' && second === undefined) || (first === '-v' && second === undefined)))
    return { kind: 'version' };
  const place = await commandPlace(argv, commands);
  if (asksHelp && (place === null || HELP.has(argv[place] ?? ''))) return { kind: 'help', command: null };
  if (flags.some((word) => VERSION.has(word)) && !asksHelp) return { kind: 'version' };
  if (place === null) throw noCommand(argv, commands);
  const word = argv[place] ?? '';
  const command = named(word);
  if (command === undefined) throw unknownCommand(word, argv[place + 1], commands);
  return asksHelp
    ? { kind: 'help', command }
    : { kind: 'command', command, words: [...argv.slice(0, place), ...argv.slice(place + 1)] };
}

/** Where the command stands; null where there are options alone. */
async function commandPlace(argv: readonly string[], commands: readonly CommandEntry[]): Promise<number | null> {
  if (argv[0]?.startsWith('-') !== true) return 0;
  if (argv.every((word) => word.startsWith('-'))) return null;
  // Options come first, and some of them take the next word. Which ones do, the commands know.
  const taking = new Set<string>();
  for (const { load } of commands)
    for (const option of optionsOf(await load()))
      if (option.takes === 'value') for (const name of namesOf(option)) taking.add(dashed(name));
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') return null;
    if (!word.startsWith('-')) return index;
    // --json needs no place.
    const isPlain = word === '--json' && commands.some(({ name }) => name === argv[index + 1]);
    if (taking.has(word) && !isPlain) index += 1;
  }
  return null;
}

function noCommand(argv: readonly string[], commands: readonly CommandEntry[]): RetypeError {
  const words = argv.map((word) => word.replace(/^-+/u, ''));
  const meant = commands.find(({ name }) => words.includes(name) && !WRITING.has(name))?.name;
  return new RetypeError('USAGE', {
    place: 'the command line',
    expected: 'a command, as in `glance-retype plan`',
    // Their values are left out: one may be an address with a password.
    found: `no command, but ${argv
      .filter((word) => word.startsWith('-'))
      .map((word) => word.replace(/=.*$/su, ''))
      .join(' ')}`,
    advice: `${meant === undefined ? 'name a command' : `write ${meant} without dashes`}; glance-retype help lists the commands`,
  });
}

/** The error for a word that is no command, with what may have been meant. */
function unknownCommand(word: string, following: string | undefined, commands: readonly CommandEntry[]): RetypeError {
  const known = adviceFor(word, following) !== null && adviceFor(word, undefined) === null;
  return new RetypeError('USAGE', {
    place: 'the command line',
    expected: 'a command of glance-retype',
    found: known || plainly(word) === 'db' ? `${word} ${following ?? ''}`.trim() : word,
    advice: commandAdvice(word, following, commands),
  });
}

function commandAdvice(word: string, following: string | undefined, commands: readonly CommandEntry[]): string {
  const advice = adviceFor(word, following);
  if (advice !== null) return advice;
  const names = [...commands.map(({ name }) => name), 'help', 'version'];
  const bare = word.replace(/^-+/u, '');
  const close = nearest(bare, [...names, ...KNOWN_WORDS]);
  const begun = bare.length < 3 ? [] : names.filter((name) => name.startsWith(bare.toLowerCase()));
  const reading = [...close.filter((one) => names.includes(one)), ...begun].filter((name) => !WRITING.has(name));
  if (reading.length > 0) return `did you mean ${[...new Set(reading)].join(' or ')}? ${SEE_HELP}`;
  // As near to a harmless word as to a command that writes: then the harmless one is meant.
  const harmless = close.find((one) => !names.includes(one));
  if (harmless !== undefined) return adviceFor(harmless, undefined) ?? SEE_HELP;
  const writing = [...close, ...begun].find((name) => WRITING.has(name));
  if (writing === undefined) return SEE_HELP;
  const shown = writing === 'rehearse' ? '--help' : '--dry-run';
  return `did you mean ${writing}? \`glance-retype ${writing} ${shown}\` shows what it would do, and writes nothing`;
}

const SEE_HELP = 'glance-retype help lists the commands';
