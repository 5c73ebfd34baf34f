import { constants, fstatSync, lstatSync, realpathSync, type Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { type ByteSource, SourceFailure } from '../../reading/source.ts';
import { callsOn, type FileCalls, type Storage, storageNear, storageOf, turnIfDue } from './storage.ts';
import { shownName } from '../http/web-address.ts';

/** `refused`: the path was found to be free of symbolic links, and must still be free of them when the file is open. */
type Links = 'followed' | 'refused';

/**
 * Opens a regular file, which is read by position. Anything else (a directory, a device, a FIFO) is refused before it
 * is opened, because opening a device or a FIFO can wait for ever or have an effect.
 *
 * @throws SourceFailure when there is no such file, it may not be read, or it is not a regular file.
 */
export async function openFile(path: string, links: Links = 'followed'): Promise<ByteSource> {
  try {
    await turnIfDue();
    const storage = storageNear(path) ?? (await storageFound(path));
    const calls = callsOn(storage);
    // Without O_NONBLOCK, opening a FIFO that took the place of the file would hang.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | (links === 'refused' ? constants.O_NOFOLLOW : 0);
    const descriptor = await calls.open(path, flags);
    try {
      // The file that was checked may have been replaced before it was opened. This call never waits for the disk.
      const stats = fstatSync(descriptor);
      checkRegular(stats, path);
      if (links === 'refused') await checkPlace(path, descriptor, calls.distance);
      return fileSource(path, { descriptor, size: stats.size, calls, device: storage.device });
    } catch (error) {
      await calls.close(descriptor);
      throw error;
    }
  } catch (error) {
    throw failure(path, error);
  }
}

/**
 * Checks that the open file is the one at this path: the path leads through no symbolic link, and the same file lies
 * there. So a link or another file is found that took the place of the file, or of a directory above it, before it was
 * opened.
 *
 * @throws SourceFailure
 */
export async function checkPlace(path: string, descriptor: number, distance: FileCalls['distance']): Promise<void> {
  const isNear = distance === 'near';
  const real = isNear ? realpathSync.native(path) : await realpath(path);
  const there = isNear ? lstatSync(path, { bigint: true }) : await lstat(path, { bigint: true });
  const opened = fstatSync(descriptor, { bigint: true });
  if (real !== path || opened.dev !== there.dev || opened.ino !== there.ino) {
    throw new SourceFailure('its place was taken by something else while it was opened', { label: path });
  }
}

async function storageFound(path: string): Promise<Storage> {
  const stats = await stat(path);
  checkRegular(stats, path);
  return storageOf(path, stats.dev);
}

interface OpenFile {
  readonly descriptor: number;
  readonly size: number;
  readonly calls: FileCalls;
  readonly device: number;
}

function fileSource(path: string, { descriptor, size, calls, device }: OpenFile): ByteSource {
  let requests = 0;
  let bytes = 0;
  let open = true;
  return {
    label: path,
    lane: `device ${device}`,
    distance: calls.distance,
    size: () => size,
    read: async (offset, length, room) => {
      // Another file may have the number of a closed descriptor.
      if (!open) throw new SourceFailure('closed', { label: path });
      const wanted = Math.max(0, Math.min(length, size - offset));
      if (wanted === 0) return new Uint8Array(0);
      const buffer = room ?? Buffer.allocUnsafe(wanted);
      let filled = 0;
      requests += 1;
      try {
        while (filled < wanted) {
          const count = await calls.read(descriptor, buffer.subarray(filled), wanted - filled, offset + filled);
          // The file was cut after its size was read.
          if (count === 0) break;
          filled += count;
        }
      } catch (error) {
        throw failure(path, error);
      } finally {
        bytes += filled;
      }
      return buffer.subarray(0, filled);
    },
    cost: () => ({ requests, bytes }),
    close: async () => {
      if (!open) return;
      open = false;
      await calls.close(descriptor);
    },
  };
}

function checkRegular(stats: Stats, path: string): void {
  if (!stats.isFile()) throw new SourceFailure(`${kindOf(stats)}, not a file`, { label: path });
  if (!Number.isSafeInteger(stats.size)) throw new SourceFailure('larger than 2^53 bytes', { label: path });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isBlockDevice()) return 'a block device';
  if (stats.isCharacterDevice()) return 'a character device';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'something else';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file: a part of the path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  EIO: 'the device reports a read error',
  ESTALE: 'the network file system lost the file',
  EMFILE: 'too many files are open',
};

function failure(path: string, error: unknown): SourceFailure {
  if (error instanceof SourceFailure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new SourceFailure(REASONS[code] ?? `cannot be read (${code === '' ? 'unknown error' : code})`, {
    // The name may be a misspelt address with a password in it.
    label: shownName(path),
  });
}
