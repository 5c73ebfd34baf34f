import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** What one run of a program cost. */
export interface ChildCost {
  readonly seconds: number;
  /** The largest resident set that one of its processes ever had, in MiB; the kernel's own high-water mark. 0 where there is no /proc. */
  readonly peakMib: number;
  /** Of all its processes, in user and kernel mode. */
  readonly cpuSeconds: number;
}

/** Often enough to catch the mark of a process that lives half a second, seldom enough to cost nothing. */
const POLL_MS = 20;

/** A shell that says on descriptor 3 what the program took: POSIX has it built in, and it counts children of children. */
const WITH_TIMES = '"$@"; code=$?; times >&3; exit $code';

/**
 * Runs a program to its end and measures it from start to exit, so a program's start-up counts.
 * @param output `read`: through a pipe, to show its end where the program fails; `discarded`: to /dev/null, the cheapest there is
 * @throws Error with the end of what it printed, where it does not exit with 0.
 */
export async function runChild(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
  output: 'read' | 'discarded' = 'read',
): Promise<ChildCost> {
  const began = process.hrtime.bigint();
  const child = spawn('sh', ['-c', WITH_TIMES, 'sh', ...command], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', output === 'read' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let peakMib = 0;
  const poll = setInterval(() => {
    if (child.pid !== undefined) peakMib = Math.max(peakMib, highWaterMib(child.pid));
  }, POLL_MS);
  let tail = '';
  let times = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-4_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  (child.stdio[3] as Readable).on('data', (chunk: Buffer) => (times += chunk.toString()));
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => clearInterval(poll));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (exit !== 0) throw new Error(`${command.join(' ').slice(0, 1_000)} ended with ${String(exit)}:\n${tail}`);
  return { seconds, peakMib, cpuSeconds: childrenSeconds(times) };
}

/**
 * Reads what `times` prints: user and system time of the shell on one line, of its children on the next, as `0m0.12s 1m2.34s`.
 * @returns the children's, added up.
 */
export function childrenSeconds(times: string): number {
  const found = [...(times.trim().split('\n')[1] ?? '').matchAll(/(?<minutes>\d+)m(?<seconds>[\d.,]+)s/gu)];
  if (found.length !== 2) throw new Error(`the shell's times cannot be read: ${JSON.stringify(times)}`);
  let sum = 0;
  for (const { groups } of found) {
    sum += Number(groups?.['minutes']) * 60 + Number(groups?.['seconds']?.replace(',', '.'));
  }
  return sum;
}

/** The largest mark of a process and its descendants. */
function highWaterMib(pid: number): number {
  const status = procFile(pid, 'status');
  const own = Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1] ?? 0) / 1024;
  const children = procFile(pid, `task/${String(pid)}/children`).trim();
  return Math.max(own, ...(children === '' ? [] : children.split(' ').map((child) => highWaterMib(Number(child)))));
}

/** Empty where the process has just ended. */
function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
