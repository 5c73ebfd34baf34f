import { statSync } from 'node:fs';
import { homedir } from 'node:os';

import type { Argv } from 'yargs';

import { existing, glanceContainers, glancePlaces, type Place, searchPlaces } from '../../glance/conf/places.ts';
import { type Problem, RetypeError } from '../../model/error.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';

/** Adds the options that name Glance's configuration, as Glance's own programs have them. */
export function confOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('config-file', {
      group: GROUPS.database,
      ...REPEATABLE,
      describe:
        "Glance's configuration, as for glance-manage; repeatable: later files take precedence (default: where Glance, Kolla, TripleO and others keep it)",
    })
    .option('config-dir', {
      group: GROUPS.database,
      ...REPEATABLE,
      describe: 'directory of *.conf files, as for glance-manage; repeatable, in one order with --config-file',
    })
    .option('glance-conf', {
      group: GROUPS.database,
      ...REPEATABLE,
      describe: 'a file or a directory of *.conf files; repeatable. Unlike --config-file it reads nothing else',
    });
}

export type GivenConf = Given<typeof confOptions>;

/** The process around a command. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Words of the command line; they say in which order options came. */
  readonly words: readonly string[];
  /** Goes before the paths that are searched: empty for the machine itself. */
  readonly root: string;
}

export function surroundings(environment: NodeJS.ProcessEnv): Surroundings {
  return { environment, words: process.argv.slice(2), root: '' };
}

type ConfOption = 'config-file' | 'config-dir' | 'glance-conf';

interface NamedConf {
  readonly option: ConfOption;
  readonly path: string;
}

const OPTION = /^--(config-?file|config-?dir|glance-?conf)(?:=|$)/iu;

/** Lists the options as they came, because oslo.config reads files and directories in that order. */
export function namedConf(given: GivenConf, words: readonly string[]): readonly NamedConf[] {
  const left = {
    'config-file': [...(given.configFile ?? [])],
    'config-dir': [...(given.configDir ?? [])],
    'glance-conf': [...(given.glanceConf ?? [])],
  };
  const named: NamedConf[] = [];
  const take = (option: ConfOption): void => {
    const path = left[option].shift();
    if (path !== undefined) named.push({ option, path });
  };
  for (const word of words) {
    if (word === '--') break;
    const option = OPTION.exec(word)?.[1]
      ?.toLowerCase()
      .replace(/^(config|glance)-?/u, '$1-');
    if (option !== undefined) take(option as ConfOption);
  }
  // Options that a program gave without a command line.
  for (const option of ['config-file', 'config-dir', 'glance-conf'] as const) {
    while (left[option].length > 0) take(option);
  }
  return named;
}

/** Where the configuration was looked for, and what is there. */
export type ConfSearch =
  | { readonly kind: 'named'; readonly paths: readonly string[] }
  | { readonly kind: 'found'; readonly paths: readonly string[] }
  | {
      readonly kind: 'nothing';
      readonly looked: readonly Place[];
      readonly seen: readonly string[];
      readonly problems: readonly Problem[];
    };

/**
 * Finds Glance's configuration: what the options name, else the first of the usual places whose files name a database.
 * As with oslo.config, --config-file leaves the usual directories in force and --config-dir the usual files, each
 * before what is named.
 *
 * @throws RetypeError GLANCE_CONF for a directory given as a file, or a file as a directory.
 */
export function findConf(given: GivenConf, { environment, words, root }: Surroundings): ConfSearch {
  const named = namedConf(given, words);
  if (named.length > 0) return { kind: 'named', paths: [...usualOnes(named, environment, root), ...pathsOf(named)] };
  const looked = glancePlaces({ environment, root, containers: glanceContainers(root) });
  const search = searchPlaces(looked, environment);
  return search.kind === 'found' ? search : { ...search, looked };
}

function usualOnes(named: readonly NamedConf[], environment: NodeJS.ProcessEnv, root: string): readonly string[] {
  const has = (option: ConfOption): boolean => named.some((one) => one.option === option);
  if (has('glance-conf')) return [];
  const [own] = glancePlaces({ environment, root, containers: [] });
  return existing((own?.layers ?? []).filter(([name = '']) => !has(name.endsWith('.d') ? 'config-dir' : 'config-file')))
    .paths;
}

function pathsOf(named: readonly NamedConf[]): readonly string[] {
  const problems: Problem[] = [];
  const paths = named.map(({ option, path }) => {
    const full = path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
    const kind = kindOf(full);
    if (kind === 'directory' && option === 'config-file') {
      problems.push(wrongKind(`--config-file ${path}`, 'a file', 'a directory', '--config-dir'));
    }
    if (kind === 'file' && option === 'config-dir') {
      problems.push(wrongKind(`--config-dir ${path}`, 'a directory', 'a file', '--config-file'));
    }
    return full;
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('GLANCE_CONF', [first, ...rest]);
  return paths;
}

/** What cannot be looked at is reported by whoever reads it. */
function kindOf(path: string): 'directory' | 'file' | 'unknown' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'unknown';
  }
}

function wrongKind(place: string, expected: string, found: string, option: string): Problem {
  return { place, expected, found, advice: `name it with ${option}` };
}
