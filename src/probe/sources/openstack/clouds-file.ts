import { homedir } from 'node:os';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { readBounded } from '../../../model/bounded-file.ts';
import type { Problem } from '../../../model/error.ts';
import type { Environment, Setting, Settings } from './openstack-settings.ts';

/** Directories that are searched. */
export interface CloudsPlaces {
  readonly directory: string;
  /** The home of the user. */
  readonly home: string;
  readonly system: readonly string[];
}

export function usualPlaces(): CloudsPlaces {
  return { directory: process.cwd(), home: homedir(), system: ['/etc/xdg/openstack', '/etc/openstack'] };
}

type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };
type Branch = { readonly [key: string]: Tree };

interface CloudsFile {
  readonly path: string;
  readonly clouds: Branch;
}

/** A clouds file of a large site has a few kilobytes. */
const LARGEST_FILE = 1024 * 1024;

/**
 * Reads the clouds of the first clouds.yaml (or .yml, .json) and merges the first secure.yaml into them. The order is
 * that of openstacksdk (openstack/config/loader.py): OS_CLIENT_CONFIG_FILE, the working directory,
 * $XDG_CONFIG_HOME/openstack, ~/.config/openstack, /etc/xdg/openstack, /etc/openstack. Returns null if there is no
 * file. What is wrong goes to `problems`.
 */
export function findClouds(
  env: Environment,
  places: CloudsPlaces,
  problems: Problem[],
): { readonly path: string; readonly names: readonly string[]; readonly cloud: (name: string) => Settings } | null {
  const main = firstFile(candidates(env['OS_CLIENT_CONFIG_FILE'], 'clouds', env, places), problems);
  const secure = firstFile(candidates(env['OS_CLIENT_SECURE_FILE'], 'secure', env, places), problems);
  if (main === null) return null;
  const files = secure === null ? [main] : [main, secure];
  const names = [...new Set(files.flatMap((file) => Object.keys(file.clouds)))];
  return { path: main.path, names, cloud: (name) => cloudSettings(name, files) };
}

function candidates(
  named: string | undefined,
  stem: string,
  env: Environment,
  { directory, home, system }: CloudsPlaces,
): readonly string[] {
  const own = join(home, '.config', 'openstack');
  const configured = env['XDG_CONFIG_HOME'] ?? '';
  const directories = [directory, configured === '' ? own : join(configured, 'openstack'), own, ...system];
  const found = directories.flatMap((path) =>
    ['.yaml', '.yml', '.json'].map((suffix) => join(path, `${stem}${suffix}`)),
  );
  return named === undefined || named === '' ? found : [named, ...found];
}

function firstFile(paths: readonly string[], problems: Problem[]): CloudsFile | null {
  for (const path of paths) {
    const text = readIfThere(path, problems);
    if (text !== null) return { path, clouds: parseClouds(path, text, problems) };
  }
  return null;
}

/** Returns null for a file that does not exist or may not be read. openstacksdk tries the next one in both cases. */
function readIfThere(path: string, problems: Problem[]): string | null {
  try {
    return readBounded(path, LARGEST_FILE).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EFBIG') problems.push(fileProblem(path, `more than ${LARGEST_FILE} bytes`));
    return null;
  }
}

function parseClouds(path: string, text: string, problems: Problem[]): Branch {
  const lines = new LineCounter();
  // Strings only: the password 0123 is no number. Messages of the parser quote the file, so only their codes are used.
  const document = parseDocument(text, { schema: 'failsafe', merge: true, prettyErrors: false, lineCounter: lines });
  for (const error of document.errors) {
    problems.push(fileProblem(`${path}:${lines.linePos(error.pos[0]).line}`, error.code));
  }
  if (document.errors.length > 0) return {};
  let tree: Tree | null;
  try {
    tree = document.toJS({ maxAliasCount: 100 }) as Tree | null;
  } catch {
    problems.push(fileProblem(path, 'aliases that cannot be resolved'));
    return {};
  }
  const clouds = isBranch(tree) ? tree['clouds'] : undefined;
  if (isBranch(clouds)) return clouds;
  problems.push(fileProblem(path, 'no map `clouds`'));
  return {};
}

function cloudSettings(name: string, files: readonly CloudsFile[]): Settings {
  const values = new Map<string, Setting>();
  for (const file of files) {
    const cloud = file.clouds[name];
    if (!isBranch(cloud)) continue;
    const place = `${file.path} clouds.${name}`;
    take(cloud, place, values);
    const auth = cloud['auth'];
    if (isBranch(auth)) take(auth, `${place}.auth`, values);
  }
  const place = `${files[0]?.path ?? ''} clouds.${name}`;
  return { place, nameOf: (key) => key, values };
}

function take(branch: Branch, place: string, values: Map<string, Setting>): void {
  for (const [key, value] of Object.entries(branch)) {
    // openstacksdk reads both spellings.
    const name = key.replaceAll('-', '_');
    if (typeof value === 'string' && value !== '') values.set(name, { value, place: `${place}.${key}` });
  }
}

function isBranch(tree: Tree | null | undefined): tree is Branch {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree);
}

function fileProblem(place: string, found: string): Problem {
  return { place, expected: 'a clouds.yaml with a map `clouds`', found, advice: 'correct the file' };
}
