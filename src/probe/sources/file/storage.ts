import { lstatSync, statfs } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { FIRST_PACE, isQuick, paceAfter, paceAfterFile, type Pace } from './storage-pace.ts';

/** What is known of one file system. */
export interface Storage {
  readonly device: number;
  /** Whether its files may be read at once, without a thread for each call. */
  isQuick(): boolean;
  /** Takes the opening of a file into account. */
  opened(): void;
  /** Takes the time of a call that was made at once into account, milliseconds. */
  took(milliseconds: number): void;
}

/**
 * File systems whose files lie on this machine, by the numbers of linux/magic.h and statfs(2). Behind every other file
 * system there may be a server that never answers.
 */
const OWN: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xf2f52010, // F2FS
  0x2fc12fc1, // ZFS
  0xca451a4e, // bcachefs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
  0x73717368, // Squashfs
  0xe0f5e1e2, // EROFS
]);

const askFileSystem = promisify(statfs);

/** Kept for the life of the process, one for each mounted file system. */
const devices = new Map<number, Promise<Storage>>();

/** Directories whose files lie on a disk of this machine. */
const directories = new Map<string, Storage>();
const MOST_DIRECTORIES = 1024;

/** The file system with this device number, on which `path` was found. */
export async function storageOf(path: string, device: number): Promise<Storage> {
  const asked = devices.get(device) ?? askStorage(path, device);
  devices.set(device, asked);
  const found = await asked;
  if (directories.size >= MOST_DIRECTORIES) directories.clear();
  if (found.isQuick()) directories.set(dirname(path), found);
  return found;
}

/**
 * The storage of a regular file in a directory whose disk is known to be quick, else null. Symbolic links are left to
 * the thread pool, because a link may lead to a server that does not answer.
 */
export function storageNear(path: string): Storage | null {
  const near = directories.get(dirname(path));
  if (near?.isQuick() !== true) return null;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.dev === near.device ? near : null;
}

function askStorage(path: string, device: number): Promise<Storage> {
  return askFileSystem(path).then(
    ({ type }) => storage(device, OWN.has(type) ? FIRST_PACE : null),
    () => storage(device, null),
  );
}

function storage(device: number, first: Pace | null): Storage {
  let pace = first;
  return {
    device,
    isQuick: () => pace !== null && isQuick(pace),
    opened: () => {
      if (pace !== null) pace = paceAfterFile(pace);
    },
    took: (milliseconds) => {
      if (pace !== null) pace = paceAfter(pace, milliseconds);
    },
  };
}
