import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { storageNear } from './storage.ts';

export interface StoredImage {
  readonly imageId: string;
  /** Values of `image_locations.value`, decrypted or not. */
  readonly locations: readonly string[];
}

/** Where the data of an image lies, if it may be opened. */
export type StoreAnswer =
  /** A path without symbolic links, inside a store directory. */
  | { readonly kind: 'file'; readonly path: string }
  /** `why` is safe to print: no location is repeated. */
  | { readonly kind: 'none'; readonly why: string };

/** The kind of store that a location names. No message says more about a location, because locations hold passwords. */
export type LocationKind =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'other'; readonly scheme: string }
  | { readonly kind: 'unreadable' };

/** The stores of glance_store. A scheme is one of them, `https`, or one with a suffix: `swift+config`, `s3+https`. */
const STORES: ReadonlySet<string> = new Set(['rbd', 'swift', 's3', 'cinder', 'vsphere', 'http', 'sheepdog', 'gridfs']);

/**
 * Decides by the scheme alone. A file path is not percent-decoded, as in glance_store (_drivers/filesystem.py,
 * StoreLocation.parse_uri).
 */
export function classifyLocation(location: string): LocationKind {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^?#]*)/is.exec(location);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const path = match?.[2]?.trim() ?? '';
  if (scheme === 'file' || scheme === 'filesystem') {
    return path.startsWith('/') && !path.includes('\0') ? { kind: 'file', path } : { kind: 'unreadable' };
  }
  const store = scheme === 'https' ? 'http' : scheme.replace(/\+.*$/u, '');
  return STORES.has(store) ? { kind: 'other', scheme: store } : { kind: 'unreadable' };
}

/**
 * Finds an image in Glance's filesystem stores. A location is followed only if it lies in one of the given directories,
 * both by its name and after every symbolic link. Instead of one that names another place, `<directory>/<image id>` is
 * tried, the name that glance_store gives. An image that lies only in other stores is not looked for.
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
  const absolute = directories.map((directory) => resolve(directory));
  const usual = isPlainName(image.imageId) ? absolute.map((directory) => join(directory, image.imageId)) : [];
  const roots = (await Promise.all(directories.map(realDirectory))).filter((path) => path !== null);
  let outside = false;
  for (const candidate of new Set([...named, ...usual])) {
    if (![...absolute, ...roots].some((directory) => isInside(candidate, directory))) continue;
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

/** Whether a path lies below `directory` by its name. Neither may hold `..`. */
function isInside(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
}

/** Directories with all symbolic links resolved. One that is not there may still be mounted, so it is not kept. */
const known = new Map<string, string>();
const MOST_KNOWN = 1024;

async function realDirectory(name: string): Promise<string | null> {
  const real = known.get(name) ?? (await realpathOrNull(name));
  if (known.size >= MOST_KNOWN) known.clear();
  if (real !== null) known.set(name, real);
  return real;
}

/** A regular file in a resolved directory is no link, which saves most images a call by the thread pool. */
async function realFile(candidate: string): Promise<string | null> {
  const directory = await realDirectory(dirname(candidate));
  if (directory === null) return null;
  const path = join(directory, basename(candidate));
  return storageNear(path) === null ? realpathOrNull(path) : path;
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}
