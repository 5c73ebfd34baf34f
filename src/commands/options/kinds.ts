import type { ArgumentsCamelCase, Argv } from 'yargs';

/** The options that a function declares, as yargs hands them over; each may be left out. */
export type Given<Declare extends (yargs: never) => unknown> =
  ReturnType<Declare> extends Argv<infer Options>
    ? { readonly [Key in keyof ArgumentsCamelCase<Options> as Named<Key>]?: Optional<ArgumentsCamelCase<Options>[Key]> }
    : never;
type Named<Key> = string extends Key ? never : Key;
type Optional<Value> = unknown extends Value ? unknown : Readonly<Value> | undefined;

/** The headings of a command's help. */
export const GROUPS = {
  database: 'Which database:',
  deciding: 'What decides:',
  content: 'What to read of the images:',
  services: 'OpenStack services:',
  output: 'What to write:',
  pace: 'How fast:',
  steering: 'When to stop and wait:',
  speech: 'What to tell meanwhile:',
  target: 'Where results go:',
  rehearsal: 'How to rehearse:',
  scope: 'What to undo:',
  screen: 'What to show:',
  outcome: 'Which exit code:',
  safety: 'Before it writes:',
} as const;

/** Takes a value each time it is given. */
export const REPEATABLE = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;

/** Names a file to write. @param what goes into it: `the status as JSON`. */
export function outputFile(what: string) {
  return {
    group: GROUPS.output,
    type: 'string',
    requiresArg: true,
    describe: `also write ${what} to this file; - is standard output`,
  } as const;
}

/** Names the place of a JSON document, which `placeJson` fills in where it is left out. @param what is in it. */
export function jsonFile(what: string) {
  return {
    group: GROUPS.output,
    type: 'string',
    describe: `also write ${what} as JSON to this file; alone, or with -, to standard output`,
  } as const;
}

/** Answers the question that a writing command asks. */
export const YES_OPTION = { group: GROUPS.safety, type: 'boolean', describe: 'do not ask before writing' } as const;

/** Stands before an operand of `explain` that begins with a dash; no id can begin so. */
export const BEHIND_DASHES = '\0';

/** Replaces `-` among the operands of a command; no file can have this name. */
export const STANDARD_INPUT = '\0-';
