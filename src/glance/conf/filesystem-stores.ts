import { isAbsolute } from 'node:path';

import type { Problem } from '../../model/error.ts';
import { type Environment, readConfFiles } from './conf-files.ts';
import { type ConfValue, lookUp, lookUpEach, type OptionName } from './conf-options.ts';

/** The directories in which Glance keeps images as files. */
export interface FilesystemStores {
  /** Absolute, each once, the one that Glance fills first in front; empty where images are kept elsewhere. */
  readonly directories: readonly ConfValue<string>[];
  /** Settings that Glance would refuse; their directories are left out. */
  readonly problems: readonly Problem[];
}

/**
 * Entry points of glance_store's filesystem driver (setup.cfg, `glance_store.drivers`, 4.x): the word, and the two long
 * old ones.
 */
const FILE_DRIVERS: ReadonlySet<string> = new Set([
  'file',
  'filesystem',
  'glance.store.filesystem.store',
  'glance_store._drivers.filesystem.store',
]);

/**
 * Finds the filesystem stores that configuration files name. Where `[DEFAULT] enabled_backends` is set, the stores are
 * its entries of type file, each with a section of its own (glance_store/multi_backend.py). Otherwise there is one, in
 * [glance_store] or, by its old name, in [DEFAULT] (glance_store/backend.py), unless `stores` leaves it out. Only
 * directories that are written down count, not Glance's default.
 *
 * @param paths files or directories, as `readGlanceConf` takes them; that function reports unreadable ones.
 */
export function readFilesystemStores(paths: readonly string[], environment: Environment = {}): FilesystemStores {
  const read = readConfFiles(paths, environment);
  const problems: Problem[] = [];
  const found: (ConfValue<string> & { readonly priority: number })[] = [];
  const enabled = lookUp(read, [{ section: 'DEFAULT', key: 'enabled_backends' }], problems);
  const listed = lookUp(
    read,
    [
      { section: 'glance_store', key: 'stores' },
      { section: 'DEFAULT', key: 'known_stores' },
    ],
    problems,
  );
  for (const sections of storeSections(enabled?.value ?? '', listed?.value ?? '')) {
    const named = (key: string): readonly OptionName[] => sections.map((section) => ({ section, key }));
    const single = lookUp(read, named('filesystem_store_datadir'), problems);
    if (single !== null && single.value.trim() !== '') found.push({ ...single, priority: 0 });
    for (const line of lookUpEach(read, named('filesystem_store_datadirs'), problems)) {
      const parsed = withPriority(line, problems);
      if (parsed !== null) found.push(parsed);
    }
  }
  const directories = new Map<string, ConfValue<string>>();
  for (const { value, place } of found.toSorted((left, right) => right.priority - left.priority)) {
    const path = value.trim();
    if (isAbsolute(path)) directories.set(path, directories.get(path) ?? { value: path, place });
    else problems.push(refused(place, 'an absolute path', 'a relative one'));
  }
  return { directories: [...directories.values()], problems };
}

function storeSections(enabled: string, listed: string): readonly (readonly string[])[] {
  const backends = words(enabled).map((entry) => entry.split(':').map((part) => part.trim()));
  if (backends.length > 0) {
    return backends.flatMap(([identifier, driver]) =>
      identifier !== undefined && identifier !== '' && FILE_DRIVERS.has((driver ?? '').toLowerCase())
        ? [[identifier]]
        : [],
    );
  }
  const stores = words(listed);
  const hasFiles = stores.length === 0 || stores.some((word) => FILE_DRIVERS.has(word.toLowerCase()));
  return hasFiles ? [['glance_store', 'DEFAULT']] : [];
}

/**
 * Parses `PATH:PRIORITY`; the priority is a whole number, 0 where it is left out (glance_store/_drivers/filesystem.py).
 */
function withPriority(
  { value, place }: ConfValue<string>,
  problems: Problem[],
): (ConfValue<string> & { readonly priority: number }) | null {
  const at = value.lastIndexOf(':');
  const path = (at < 0 ? value : value.slice(0, at)).trim();
  const priority = at < 0 ? '' : value.slice(at + 1).trim();
  if (path === '') {
    problems.push(refused(place, 'PATH or PATH:PRIORITY', 'no path'));
    return null;
  }
  if (!/^\d{0,9}$/u.test(priority)) {
    problems.push(refused(place, 'a whole number after the last colon', 'something else'));
    return null;
  }
  return { value: path, place, priority: Number(priority) };
}

function words(list: string): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function refused(place: string, expected: string, found: string): Problem {
  return { place, expected, found, advice: 'correct the setting, or name the directory with --store-path' };
}
