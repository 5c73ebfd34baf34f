import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { storageNear } from './storage.ts';

export interface StoredImage {
  readonly imageId: string;
  /** Values of `image_locations.value`, decrypted or not. */
  readonly locations: readonly string[];
}

/** Where the data of an image lies, as far as it may be opened. */
export type StoreAnswer =
  /** A path without symbolic links, inside a store directory. */
  | { readonly kind: 'file'; readonly path: string }
  /** `why` is safe to print: no location is repeated. */
  | { readonly kind: 'none'; readonly why: string };

/** What kind of store a location names. Only this is ever said about a location, because locations hold passwords. */
export type LocationKind =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'other'; readonly scheme: string }
  | { readonly kind: 'unreadable' };

/** Schemes of glance_store's drivers. */
const STORES: ReadonlyMap<string, string> = new Map(
  [
    ['rbd'],
    ['swift', 'swift+http', 'swift+https', 'swift+config'],
    ['s3', 's3+http', 's3+https'],
    ['cinder'],
    ['vsphere'],
    ['http', 'https'],
    ['sheepdog'],
    ['gridfs'],
  ].flatMap(([store = '', ...others]) => [store, ...others].map((scheme): [string, string] => [scheme, store])),
);

/** By scheme alone; file paths as glance_store reads them (_drivers/filesystem.py, StoreLocation.parse_uri: no percent-decoding). */
export function classifyLocation(location: string): LocationKind {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^?#]*)/is.exec(location);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const path = match?.[2]?.trim() ?? '';
  if (scheme === 'file' || scheme === 'filesystem') {
    return path.startsWith('/') && !path.includes('\0') ? { kind: 'file', path } : { kind: 'unreadable' };
  }
  const store = STORES.get(scheme);
  return store === undefined ? { kind: 'unreadable' } : { kind: 'other', scheme: store };
}

/**
 * Finds an image in Glance's filesystem stores. A location is followed only into the given directories, and only if it ends up inside
 * them after every symbolic link; one that names another place is not touched, and `<directory>/<image id>`, the name that
 * glance_store gives, is tried in its stead. An image that lies in other stores alone is not looked for.
 *
 * @param directories the values of filesystem_store_datadir(s), absolute.
 */
export async function storeFile(directories: readonly string[], image: StoredImage): Promise<StoreAnswer> {
  const kinds = image.locations.map(classifyLocation);
  const others = kinds.flatMap((kind) => (kind.kind === 'other' ? [kind.scheme] : []));
  if (kinds.length > 0 && others.length === kinds.length) {
    return { kind: 'none', why: `its data lies in another store (${[...new Set(others)].toSorted().join(', ')})` };
  }
  const named = kinds.flatMap((kind) => (kind.kind === 'file' ? [resolve(kind.path)] : []));
  const usual = isPlainName(image.imageId)
    ? directories.map((directory) => join(resolve(directory), image.imageId))
    : [];
  const roots = await realDirectories(directories);
  let outside = false;
  for (const candidate of new Set([...named, ...usual])) {
    if (
      !directories.some((directory) => isInside(candidate, resolve(directory))) &&
      !roots.some((root) => isInside(candidate, root))
    ) {
      continue;
    }
    const path = await realFile(candidate);
    if (path === null) continue;
    if (roots.some((root) => isInside(path, root))) return { kind: 'file', path };
    outside = true;
  }
  if (outside) return { kind: 'none', why: 'a symbolic link leads out of the store directory' };
  return { kind: 'none', why: roots.length === 0 ? 'no store directory can be read' : 'no such file in the store' };
}

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}

/** Below `directory`, by name; both without `..`. */
function isInside(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
}

async function realDirectories(directories: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(directories.map(realDirectory));
  return found.filter((path) => path !== null);
}

/** Directories without symbolic links, by their names. What is not there is not remembered: it may be mounted yet. */
const known = new Map<string, string>();
const MOST_KNOWN = 1024;

async function realDirectory(name: string): Promise<string | null> {
  const real = known.get(name) ?? (await realpathOrNull(name));
  if (known.size >= MOST_KNOWN) known.clear();
  if (real !== null) known.set(name, real);
  return real;
}

/** A regular file of a directory that was resolved leads nowhere else, which saves a turn of the thread pool for most images. */
async function realFile(candidate: string): Promise<string | null> {
  const directory = await realDirectory(dirname(candidate));
  if (directory === null) return null;
  const path = join(directory, basename(candidate));
  return isNear(path) ? path : realpathOrNull(path);
}

function isNear(path: string): boolean {
  try {
    return storageNear(path) !== null;
  } catch {
    // It may not be looked at: whoever opens it says so.
    return false;
  }
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}
