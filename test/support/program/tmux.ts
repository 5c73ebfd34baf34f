import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';

/** Talks to a tmux server of its own; its socket lies in the temporary folder of the test run and goes with it. */
export function privateTmux(): (...words: readonly string[]) => string {
  const socket = `glance-retype-${randomUUID()}`;
  return (...words) =>
    execFileSync('tmux', ['-L', socket, ...words], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8', TMUX_TMPDIR: tmpdir() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
}
