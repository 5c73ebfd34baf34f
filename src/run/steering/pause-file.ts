import { lstat } from 'node:fs/promises';

import type { Hold } from './throttle.ts';

/** Looks whether a file exists that keeps batches from beginning. */
export interface PauseFile {
  /** null where there is no such file. */
  hold(): Promise<Hold | null>;
}

/** A file system over a network may not answer at all. */
const ANSWER_MS = 1_000;

/** Whoever cannot tell whether the file exists pauses. @param path null: nobody asked for one. */
export function watchPauseFile(path: string | null): PauseFile {
  if (path === null) return { hold: async () => Promise.resolve(null) };
  const held = (key: string, text: string): Hold => ({
    reason: 'pause-file',
    key,
    text,
    reading: null,
    limit: null,
    ageMs: null,
  });
  const silent = held('silent', `paused: no answer whether ${path} exists, for more than ${ANSWER_MS / 1000} s`);
  const ask = async (): Promise<Hold | null> => {
    try {
      await lstat(path);
      return held('exists', `paused: ${path} exists; the run goes on when it is removed`);
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' ? null : held(code, `paused: cannot see whether ${path} exists (${code})`);
    }
  };
  // One question at a time: each one without an answer occupies a thread.
  let asking: Promise<Hold | null> | null = null;
  return {
    async hold() {
      asking ??= ask().finally(() => (asking = null));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<Hold>((resolve) => {
        timer = setTimeout(() => resolve(silent), ANSWER_MS);
      });
      try {
        return await Promise.race([asking, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
