import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Argv } from 'yargs';

import { hostPath } from '../../db/connection/address-help.ts';
import { readFilesystemStores } from '../../glance/conf/filesystem-stores.ts';
import { containerRoot } from '../../glance/conf/places.ts';
import { type Problem, RetypeError } from '../../model/error.ts';
import type { ProbeMode } from '../../run/context/run-inputs.ts';
import type { ImageApiChoice } from '../../run/probing/open-image.ts';
import type { ReadsAtOnce } from '../../run/probing/source-lanes.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';
import { confInForce, type GivenDatabase } from './database.ts';
import { MOST_JOBS } from './numbers.ts';
import { shellWord } from '../../report/words/shell-word.ts';

/** The options about content, and the configuration that names stores. */
export type GivenProbeOptions = Given<typeof probeOptions> & GivenDatabase;

/** Whether the content of images is read, and how. */
export type ProbeChoice =
  | { readonly mode: 'off'; readonly notes: readonly string[] }
  | {
      readonly mode: ProbeMode;
      /** Directories with images as files. If there are none, the API is given. */
      readonly stores: readonly string[];
      readonly imageApi: ImageApiChoice | null;
      readonly reads: ReadsAtOnce;
      /** null: nothing is kept between runs. */
      readonly cacheFile: string | null;
      readonly notes: readonly string[];
    };

export function probeOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('probe', {
      group: GROUPS.content,
      choices: ['all', 'undecided', 'off'] as const,
      describe:
        'which images to read: all, or only those that their row leaves undecided; no image takes more than 60 s (default: undecided if a source is known, else off)',
    })
    .option('store-path', {
      group: GROUPS.content,
      ...REPEATABLE,
      describe:
        "directory of a filesystem store to read images from; repeatable (default: the filesystem stores of Glance's configuration)",
    })
    .option('image-api', {
      group: GROUPS.content,
      type: 'string',
      requiresArg: true,
      describe:
        'URL of Glance to read images from, or catalog: the URL in the Keystone catalog (OS_* variables or OS_CLOUD)',
    })
    .option('os-token', {
      group: GROUPS.content,
      type: 'string',
      requiresArg: true,
      describe: 'Keystone token for --image-api; OS_TOKEN is safer, because other users can see the command line',
    })
    .option('probe-jobs', {
      group: GROUPS.content,
      requiresArg: true,
      describe: `images to read at the same time, 1 to ${MOST_JOBS} (default: as many as the source can serve, measured as it goes)`,
    })
    .option('probe-cache', {
      group: GROUPS.content,
      type: 'string',
      requiresArg: true,
      describe:
        'file that keeps verdicts by checksum, size and first bytes, so that an unchanged image in a filesystem store is not read again; off: no file (default: glance-retype/verdicts.sqlite in XDG_CACHE_HOME or ~/.cache)',
    });
}

/**
 * Finds out what was asked for; sends and opens nothing.
 * @throws RetypeError USAGE with every problem.
 */
export function probeChoice(given: GivenProbeOptions, environment: NodeJS.ProcessEnv): ProbeChoice {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const reads = readsOf(given.probeJobs, problems);
  const cacheFile = cacheFileOf(given.probeCache, environment, problems);
  const imageApi = imageApiOf(given, problems);
  const stores = (given.storePath ?? []).flatMap((path) => storeAt(path, '--store-path', problems));
  const named = (given.storePath ?? []).length > 0 || given.imageApi !== undefined;
  if (given.probe !== 'off' && !named) stores.push(...configuredStores(given, environment, problems, notes));

  const sources = named || stores.length > 0;
  const leftOver = ['probeJobs', 'probeCache'] as const;
  if (given.probe === undefined && !sources) {
    for (const key of leftOver.filter((name) => given[name] !== undefined)) {
      problems.push(withoutSource(key === 'probeJobs' ? '--probe-jobs' : '--probe-cache'));
    }
  }
  if ((given.probe === 'all' || given.probe === 'undecided') && !sources && problems.length === 0) {
    problems.push(withoutSource(`--probe ${given.probe}`));
  }
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('USAGE', [first, ...rest]);
  const mode = given.probe ?? (sources ? 'undecided' : 'off');
  return mode === 'off' ? { mode, notes } : { mode, stores, imageApi, reads, cacheFile, notes };
}

/** Repeats the options about content, for commands that are suggested; never a token. */
export function probeTail(given: GivenProbeOptions): string {
  const words = [
    ...(given.probe === undefined ? [] : ['--probe', given.probe]),
    ...(given.storePath ?? []).flatMap((path) => ['--store-path', path]),
    ...(given.imageApi === undefined ? [] : ['--image-api', given.imageApi]),
    ...(given.probeCache === undefined ? [] : ['--probe-cache', given.probeCache]),
  ];
  return words.map((word) => ` ${shellWord(word)}`).join('');
}

function readsOf(value: unknown, problems: Problem[]): ReadsAtOnce {
  const adaptive: ReadsAtOnce = { kind: 'adaptive', most: MOST_JOBS };
  if (value === undefined) return adaptive;
  const reads = typeof value === 'string' && /^\d{1,3}$/u.test(value) ? Number(value) : Number.NaN;
  if (reads >= 1 && reads <= MOST_JOBS) return { kind: 'fixed', reads };
  problems.push({
    place: '--probe-jobs',
    expected: `a whole number from 1 to ${MOST_JOBS}`,
    found: typeof value === 'string' ? value : 'no number',
    advice: 'give --probe-jobs such a number, or leave it out',
  });
  return adaptive;
}

function cacheFileOf(value: string | undefined, environment: NodeJS.ProcessEnv, problems: Problem[]): string | null {
  if (value === 'off') return null;
  if (value === '') {
    problems.push({
      place: '--probe-cache',
      expected: 'a file, or off',
      found: 'nothing',
      advice: 'name a file, or leave --probe-cache out',
    });
  }
  if (value !== undefined) return resolve(value);
  const base = environment['XDG_CACHE_HOME'];
  // The XDG base directory specification says that relative paths are ignored.
  return join(base?.startsWith('/') === true ? base : join(homedir(), '.cache'), 'glance-retype', 'verdicts.sqlite');
}

function imageApiOf(given: GivenProbeOptions, problems: Problem[]): ImageApiChoice | null {
  if (given.imageApi === undefined) {
    if (given.osToken !== undefined) {
      problems.push({
        place: '--os-token',
        expected: '--image-api with it',
        found: '--os-token alone',
        advice: 'say where the token is meant to be used: --image-api URL or --image-api catalog',
      });
    }
    return null;
  }
  const token = given.osToken ?? null;
  if (given.imageApi === 'catalog') return { address: null, token };
  const url = URL.canParse(given.imageApi) ? new URL(given.imageApi) : null;
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '') {
    problems.push({
      place: '--image-api',
      expected: 'http://HOST:PORT or https://HOST, without user and password; or catalog',
      found: url !== null && `${url.username}${url.password}` !== '' ? 'an address with credentials' : 'something else',
      advice: 'give the address of Glance, and the credentials by OS_TOKEN or the other OS_* variables',
    });
    return null;
  }
  return { address: given.imageApi, token };
}

function storeAt(path: string, place: string, problems: Problem[]): string[] {
  const found = whatIsAt(path);
  if (found === 'a directory') return [resolve(path)];
  problems.push({
    place: `${place} ${path}`,
    expected: 'a directory with images',
    found,
    advice: 'name the directory that Glance keeps its images in (filesystem_store_datadir), as it is mounted here',
  });
  return [];
}

function whatIsAt(path: string): string {
  try {
    return statSync(path).isDirectory() ? 'a directory' : 'no directory';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' ? 'a path that this user may not enter' : 'nothing of that name';
  }
}

/**
 * Stores of Glance's configuration. A file that was copied from another machine names directories that are not here;
 * that is no error.
 */
function configuredStores(
  given: GivenProbeOptions,
  environment: NodeJS.ProcessEnv,
  problems: Problem[],
  notes: string[],
): readonly string[] {
  const files = confInForce(given, environment);
  if (files.length === 0) return [];
  const configured = readFilesystemStores(files, environment);
  const root = files.map(containerRoot).find((path) => path !== null) ?? null;
  const missing: Problem[] = [...configured.problems];
  const stores = configured.directories.flatMap(({ value, place }) => storeAt(hostPath(value, root), place, missing));
  if (given.probe !== undefined) {
    problems.push(...missing);
    return stores;
  }
  for (const { place, found } of missing) notes.push(`images are not read from ${place}: ${found}`);
  return stores;
}

function withoutSource(place: string): Problem {
  return {
    place,
    expected: 'a source to read images from',
    found: 'neither --store-path nor --image-api, nor a filesystem store in the configuration of Glance',
    advice: 'name one, or leave the option out',
  };
}
