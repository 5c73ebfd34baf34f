import { statfs } from 'node:fs';
import { promisify } from 'node:util';

import { FIRST_PACE, isQuick, paceAfter, paceAfterFile, type Pace } from './storage-pace.ts';

/** One file system, as far as it is known. */
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
 * File systems whose files lie on this machine, by the numbers of linux/magic.h and statfs(2): their calls end when this machine is
 * done. Behind every other, known or unknown, a server may be that never answers.
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

const known = new Map<number, Promise<Storage>>();

/**
 * The file system with this device number, on which `path` lies. Kept for the life of the process: there are as many as are mounted.
 */
export function storageOf(device: number, path: string): Promise<Storage> {
  const found = known.get(device);
  if (found !== undefined) return found;
  const asked = askFileSystem(path).then(
    ({ type }) => storage(device, OWN.has(type) ? FIRST_PACE : null),
    () => storage(device, null),
  );
  known.set(device, asked);
  return asked;
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
