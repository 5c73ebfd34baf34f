import { close, closeSync, constants, fstatSync, open, read, stat, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { type ByteSource, SourceFailure } from '../source.ts';

/**
 * A regular file, read by position; symbolic links are followed. Anything else (a directory, a device, a FIFO) is refused before it is
 * opened, because opening a device or a FIFO can wait for ever or do something.
 *
 * @throws SourceFailure when there is no such file, it may not be read, or it is not a regular file.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const descriptor = await openRegular(path);
  let size: number;
  try {
    // At hand since the open, so no turn of the thread pool is spent on it. What was looked at may have been replaced meanwhile.
    const stats = fstatSync(descriptor);
    checkRegular(stats, path);
    size = stats.size;
  } catch (error) {
    closeSync(descriptor);
    throw failure(path, error);
  }
  return fileSource(path, descriptor, size);
}

const calls = { stat: promisify(stat), open: promisify(open), read: promisify(read), close: promisify(close) };

function fileSource(path: string, descriptor: number, size: number): ByteSource {
  let requests = 0;
  let bytes = 0;
  let open = true;
  return {
    label: path,
    size: () => size,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, size - offset));
      if (wanted === 0) return new Uint8Array(0);
      const buffer = Buffer.allocUnsafe(wanted);
      let filled = 0;
      requests += 1;
      try {
        while (filled < wanted) {
          const { bytesRead } = await calls.read(descriptor, buffer, filled, wanted - filled, offset + filled);
          // The file was cut after its size was taken.
          if (bytesRead === 0) break;
          filled += bytesRead;
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

async function openRegular(path: string): Promise<number> {
  try {
    checkRegular(await calls.stat(path), path);
    // Without O_NONBLOCK a FIFO that took the file's place would hang the open.
    return await calls.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw failure(path, error);
  }
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
    label: path,
  });
}
