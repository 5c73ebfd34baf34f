import { close, closeSync, open, openSync, read, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Storage } from './storage.ts';

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
const LONGEST_MS = 20;

let last = performance.now();

/** Lets the event loop turn if its last turn was long ago. Calls that are made at once never give it a turn. */
export async function turnIfDue(): Promise<void> {
  if (performance.now() - last < LONGEST_MS) return;
  await turn();
  last = performance.now();
}
