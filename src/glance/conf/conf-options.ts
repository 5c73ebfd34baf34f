import type { Problem } from '../../model/error.ts';
import type { ConfFiles } from './conf-files.ts';
import { type ConfEntry, foldSection } from './ini-text.ts';

/** A value with its place, for messages. The value itself may hold a password and is never shown. */
export interface ConfValue<T> {
  readonly value: T;
  /** `FILE:LINE [section] key`, or `OS_SECTION__KEY in the environment` */
  readonly place: string;
}

export interface OptionName {
  readonly section: string;
  readonly key: string;
}

/**
 * Names the environment variable that sets an option: `OS_DATABASE__CONNECTION`
 * (oslo_config/sources/_environment.py, 9.0.0).
 */
export function environmentName({ section, key }: OptionName): string {
  return `OS_${section}__${key}`.toUpperCase();
}

/**
 * Reads one option by the rules of oslo.config: the environment wins, by the current name of the option alone; then the
 * last file that sets it under any of its names; within one file the current name (the first) takes precedence over a
 * deprecated one, and the last of several lines over the others.
 *
 * @returns null where no file sets it, and where a variable cannot be substituted, which is added to `problems`.
 */
export function lookUp(read: ConfFiles, names: readonly OptionName[], problems: Problem[]): ConfValue<string> | null {
  const entry = findSetting(read, names);
  return entry === null ? null : fillIn(read, entry, names, problems);
}

/**
 * Reads an option that may be given on several lines (oslo.config's MultiStrOpt): every line of every file under every
 * name counts, in the order of reading (oslo_config/cfg.py, `_Namespace._get_file_value`, 9.0.0). The environment does
 * not: oslo.config would take each character of the variable for a value.
 */
export function lookUpEach(
  read: ConfFiles,
  names: readonly OptionName[],
  problems: Problem[],
): readonly ConfValue<string>[] {
  const values: ConfValue<string>[] = [];
  for (const file of read.files) {
    for (const entry of file.entries) {
      if (!names.some((name) => isNamed(entry, name))) continue;
      const value = fillIn(read, placed(entry, file.path), names, problems);
      if (value !== null) values.push(value);
    }
  }
  return values;
}

/** A value before variables are filled in, and where it is set. */
type Setting = ConfValue<string>;

function placed({ value, line, section, key }: ConfEntry, path: string): Setting {
  return { value, place: `${path}:${line} [${section}] ${key}` };
}

function fillIn(
  read: ConfFiles,
  { value, place }: Setting,
  names: readonly OptionName[],
  problems: Problem[],
): ConfValue<string> | null {
  // A variable is looked up in the section of the option's current name, wherever the value is set.
  const section = foldSection(names[0]?.section ?? 'DEFAULT');
  const done = substitute(value, section, (group, key) => findSetting(read, [{ section: group, key }])?.value ?? null);
  if (done.kind === 'text') return { value: done.text, place };
  problems.push({
    place,
    expected: 'every $variable to be set in one of the files',
    found:
      done.kind === 'cycle'
        ? 'variables that lead back to themselves, or to more text than any value has'
        : 'a $ followed by a name that no file sets',
    advice: 'write the value out; a dollar sign that is meant as such is written $$',
  });
  return null;
}

function findSetting(read: ConfFiles, names: readonly OptionName[]): Setting | null {
  const variable = names[0] === undefined ? '' : environmentName(names[0]);
  const set = read.environment[variable];
  if (set !== undefined) return { value: set, place: `${variable} in the environment` };
  for (const file of read.files.toReversed()) {
    for (const name of names) {
      const entry = file.entries.findLast((candidate) => isNamed(candidate, name));
      if (entry !== undefined) return placed(entry, file.path);
    }
  }
  return null;
}

function isNamed(entry: ConfEntry, name: OptionName): boolean {
  return entry.section === foldSection(name.section) && entry.key === name.key;
}

/**
 * Substitutes `$name`, `${name}` and `${group.name}` in a value by the rules of oslo.config (cfg.py `_substitute` and
 * `Template`, 9.0.0): `$$` and `\$` are a dollar sign; a `$` without a name after it stays; a plain name is looked up
 * in the section of the value first and then in [DEFAULT]; the case of names counts.
 */

/** Finds the raw (unsubstituted) value of an option, or null. */
export type OptionLookup = (section: string, key: string) => string | null;

export type Substituted =
  | { readonly kind: 'text'; readonly text: string }
  /** No file sets a variable. Its name is not reported: half a password after a stray `$` would look like a name. */
  | { readonly kind: 'unset' }
  | { readonly kind: 'cycle' };

const VARIABLE = /\$(?:(\$)|([_a-z][._a-z0-9]*)|\{([_a-z][._a-z0-9]*)\})/giu;

/** Deeper nesting than any real file has; a cycle ends here. */
const MAX_DEPTH = 20;

/**
 * Variables looked up for one value, and characters of their values: values that name others twice would grow without
 * bound.
 */
const MOST_VARIABLES = 1_000;
const LONGEST = 1024 * 1024;

export function substitute(value: string, section: string, lookup: OptionLookup): Substituted {
  return expand(value, section, lookup, { depth: 0, spent: { variables: 0, characters: 0 } });
}

interface Nesting {
  readonly depth: number;
  /** Shared by all levels. */
  readonly spent: { variables: number; characters: number };
}

function expand(value: string, section: string, lookup: OptionLookup, { depth, spent }: Nesting): Substituted {
  spent.characters += value.length;
  if (depth > MAX_DEPTH || spent.variables > MOST_VARIABLES || spent.characters > LONGEST) return { kind: 'cycle' };
  let failure: Substituted | null = null;
  const text = value.replaceAll('\\$', '$$$$').replace(VARIABLE, (whole, dollar, bare, braced) => {
    if (failure !== null) return whole;
    if (dollar !== undefined) return '$';
    spent.variables += 1;
    const found = find(String(bare ?? braced), section, lookup);
    const deeper = { depth: depth + 1, spent };
    const inner = found === null ? ({ kind: 'unset' } as const) : expand(found.value, found.section, lookup, deeper);
    if (inner.kind === 'text') return inner.text;
    failure = inner;
    return whole;
  });
  return failure ?? { kind: 'text', text };
}

function find(name: string, section: string, lookup: OptionLookup): { value: string; section: string } | null {
  const dot = name.indexOf('.');
  const place = dot < 0 ? { section, key: name } : { section: name.slice(0, dot), key: name.slice(dot + 1) };
  const value = lookup(place.section, place.key);
  if (value !== null) return { value, section: place.section };
  const fallback = lookup('DEFAULT', name);
  return fallback === null ? null : { value: fallback, section: 'DEFAULT' };
}
