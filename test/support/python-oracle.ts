import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/**
 * Lets a real Python program of Debian's answer, to compare ours with it.
 *
 * @param script reads JSON from standard input and prints JSON.
 * @param needed what python3 must have, for the message where it lacks that.
 */
export function askPython(script: string, input: unknown, needed: string): unknown {
  const run = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  expect(run.status, `python3 with ${needed} is needed: ${run.stderr}`).toBe(0);
  return JSON.parse(run.stdout);
}
