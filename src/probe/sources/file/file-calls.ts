import { close, closeSync, open, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';

/** Calls on files. Awaiting them is right for either kind. */
export interface FileCalls {
  /** @returns a descriptor. */
  readonly open: (path: string, flags: number) => number | Promise<number>;
  /** Reads [position, position + length) to the beginning of `room`. @returns bytes read, 0 at the end of the file. */
  readonly read: (descriptor: number, room: Uint8Array, length: number, position: number) => number | Promise<number>;
  readonly close: (descriptor: number) => void | Promise<void>;
}

const pooled = { open: promisify(open), read: promisify(read), close: promisify(close) };

/** By a thread of the pool: nothing else waits, and each call costs as much as judging a simple image. */
export const POOLED: FileCalls = {
  open: pooled.open,
  read: async (descriptor, room, length, position) =>
    (await pooled.read(descriptor, room, 0, length, position)).bytesRead,
  close: pooled.close,
};

/** At once: everything else waits for the disk meanwhile. */
export const INLINE: FileCalls = {
  open: openSync,
  read: (descriptor, room, length, position) => readSync(descriptor, room, 0, length, position),
  close: closeSync,
};
