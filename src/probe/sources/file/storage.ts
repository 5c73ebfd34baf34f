import { close, closeSync, lstatSync, open, openSync, read, readSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * One file system, and how fast its disk answers. From a quick one, which answers from memory in microseconds, calls
 * are made at once. A slow one is left to the thread pool, which waits for several files together.
 */
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

/** From this mean of the latest calls, waiting costs more than a thread, whose call takes about a tenth of it. */
const SLOW_MS = 0.5;

/** Weight of one call in the mean. */
const LATEST = 1 / 16;

/** The most that one call counts: a few slow calls on a busy machine say little about the disk. */
const LONGEST_MS = 4 * SLOW_MS;

/** A slow disk is tried again after so many files, because the rest may lie in memory by then. */
const SLOW_FILES = 256;

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
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.dev === near.device ? near : null;
  } catch {
    // The call that opens it will report the error.
    return null;
  }
}

function askStorage(path: string, device: number): Promise<Storage> {
  return statfs(path).then(
    ({ type }) => createStorage(device, OWN.has(type) ? 'own' : 'foreign'),
    () => createStorage(device, 'foreign'),
  );
}

/** @param place `own`: a disk of this machine; calls on any other are never made at once. */
export function createStorage(device: number, place: 'own' | 'foreign'): Storage {
  let meanMs = 0;
  /** Files for which the disk still counts as slow. */
  let slowFiles = place === 'own' ? 0 : Number.POSITIVE_INFINITY;
  return {
    device,
    isQuick: () => slowFiles === 0,
    opened: () => (slowFiles = Math.max(0, slowFiles - 1)),
    took: (milliseconds) => {
      // The file was opened while the disk was still quick.
      if (slowFiles > 0) return;
      meanMs += LATEST * (Math.min(LONGEST_MS, milliseconds) - meanMs);
      if (meanMs <= SLOW_MS) return;
      meanMs = 0;
      slowFiles = SLOW_FILES;
    },
  };
}

/** Calls on files. They may be awaited whether they are made at once or by a thread. */
export interface FileCalls {
  /** `near`: made at once; `far`: made by a thread of the pool. */
  readonly distance: 'near' | 'far';
  /** @returns a descriptor. */
  readonly open: (path: string, flags: number) => number | Promise<number>;
  /** Reads [position, position + length) to the beginning of `room`. @returns bytes read, 0 at the end of the file. */
  readonly read: (descriptor: number, room: Uint8Array, length: number, position: number) => number | Promise<number>;
  readonly close: (descriptor: number) => void | Promise<void>;
}

const readPooled = promisify(read);

/** Calls by a thread of the pool. Nothing else waits, but a call costs as much as judging a simple image. */
const POOLED: FileCalls = {
  distance: 'far',
  open: promisify(open),
  read: async (descriptor, room, length, position) =>
    (await readPooled(descriptor, room, 0, length, position)).bytesRead,
  close: promisify(close),
};

/** The calls for one file: made at once while its disk is quick, for everything else waits for the disk meanwhile. */
export function callsOn(storage: Storage): FileCalls {
  storage.opened();
  if (!storage.isQuick()) return POOLED;
  const timed = <T>(call: () => T): T => {
    const began = performance.now();
    const answer = call();
    storage.took(performance.now() - began);
    return answer;
  };
  return {
    distance: 'near',
    open: (path, flags) => timed(() => openSync(path, flags)),
    read: (descriptor, room, length, position) => timed(() => readSync(descriptor, room, 0, length, position)),
    close: closeSync,
  };
}

/** Work without a turn of the event loop. Signals, timers and answers wait this long at most. */
const LONGEST_TURN_MS = 20;

let last = performance.now();

/** Lets the event loop turn if its last turn was long ago. Calls that are made at once never give it a turn. */
export async function turnIfDue(): Promise<void> {
  if (performance.now() - last < LONGEST_TURN_MS) return;
  await turn();
  last = performance.now();
}
