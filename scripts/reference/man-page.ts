import type { CommandEntry } from '../../src/commands/session/command.ts';
import { dashed } from '../../src/commands/words/dashed.ts';
import { namesOf, operandsOf, type OptionInfo, optionsOf } from '../../src/commands/words/describe.ts';
import { EXIT_CODES } from './page.ts';

/** A command as the manual page describes it. */
export interface ManualEntry extends Pick<CommandEntry, 'name' | 'operands' | 'summary' | 'examples'> {
  readonly options: readonly OptionInfo[];
  readonly operandInfos: readonly OptionInfo[];
}

export async function manualEntries(commands: readonly CommandEntry[]): Promise<readonly ManualEntry[]> {
  return Promise.all(
    commands.map(async (entry) => {
      const command = await entry.load();
      return { ...entry, options: optionsOf(command), operandInfos: operandsOf(command) };
    }),
  );
}

/** An option that so many commands have is described once for all of them. */
const SHARED_BY = 3;

/** The manual page, in the macros of man(7). Equal inputs give equal bytes. */
export function manualPage(
  commands: readonly ManualEntry[],
  about: { readonly version: string; readonly summary: string },
): string {
  const users = new Map<string, readonly string[]>();
  for (const { name, options } of commands)
    for (const option of options) users.set(keyOf(option), [...(users.get(keyOf(option)) ?? []), name]);
  const isShared = (option: OptionInfo): boolean => (users.get(keyOf(option)) ?? []).length >= SHARED_BY;
  const shared = new Map(
    commands.flatMap(({ options }) => options.filter(isShared).map((option) => [keyOf(option), option] as const)),
  );
  return `${[
    String.raw`.\" Generated from the source by npm run reference. Do not edit it by hand.`,
    `.TH GLANCE\\-RETYPE 1 "" "glance\\-retype ${text(about.version)}" "User Commands"`,
    // Words are not broken at the end of a line, so that options can be searched and copied.
    '.nh',
    '.ad l',
    '.SH NAME',
    `glance\\-retype \\- ${text(about.summary)}`,
    '.SH SYNOPSIS',
    '.B glance\\-retype',
    '.I COMMAND',
    '[options]',
    '.SH DESCRIPTION',
    text(
      'Each command says in its first line whether it writes to the database. Those that write ask first, unless --yes is given, and show with --dry-run what they would do.',
    ),
    'The options of several commands are described behind the commands.',
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandParts(command, isShared)),
    '.SH OPTIONS OF SEVERAL COMMANDS',
    ...groupsOf([...shared.values()]).flatMap(([group, options]) => [
      `.SS ${text(group)}`,
      ...options.flatMap((option) => [
        ...optionParts(option),
        '.br',
        `For ${text((users.get(keyOf(option)) ?? []).join(', '))}.`,
      ]),
    ]),
    '.SH EXIT STATUS',
    ...Object.entries(EXIT_CODES).flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(meaning)]),
    '.SH SEE ALSO',
    '.BR glance\\-manage (1)',
  ].join('\n')}\n`;
}

function commandParts(
  { name, operands, summary, examples, options, operandInfos }: ManualEntry,
  isShared: (option: OptionInfo) => boolean,
): readonly string[] {
  const shared = options.filter(isShared);
  return [
    `.SS ${text(`${name} ${operands}`.trimEnd())}`,
    text(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`),
    ...operandInfos.flatMap((operand) => ['.TP', `.I ${text(operand.name.toUpperCase())}`, text(operand.text)]),
    ...options.filter((option) => !isShared(option)).flatMap(optionParts),
    ...(shared.length === 0 ? [] : ['.PP', `Also: ${text(shared.map((option) => dashed(option.name)).join(', '))}.`]),
    ...examples.flatMap(([words, purpose]) => [
      '.PP',
      text(purpose === '' ? 'Example:' : `Example: ${purpose}`),
      '.PP',
      '.RS 4',
      '.nf',
      text(`glance-retype ${name} ${words}`),
      '.fi',
      '.RE',
    ]),
  ];
}

function optionParts(option: OptionInfo): readonly string[] {
  const names = namesOf(option)
    .map((name) => `\\fB${text(dashed(name))}\\fR`)
    .join(', ');
  const value = option.takes === 'nothing' ? '' : ` \\fI${text(option.choices.join('|') || 'VALUE')}\\fR`;
  return ['.TP', `${names}${value}`, text(option.text)];
}

function groupsOf(options: readonly OptionInfo[]): readonly (readonly [string, readonly OptionInfo[]])[] {
  const groups = new Map<string, OptionInfo[]>();
  for (const option of options) {
    const group = (option.group ?? 'Other:').replace(/:$/u, '');
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return [...groups];
}

function keyOf({ name, text: words }: OptionInfo): string {
  return `${name} ${words}`;
}

/** Text in which roff finds nothing to interpret. */
function text(words: string): string {
  const plain = words
    .replaceAll(/\s+/gu, ' ')
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`);
  return /^[.']/u.test(plain) ? String.raw`\&` + plain : plain;
}
