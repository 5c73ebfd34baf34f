import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a program cost. */
export interface ChildCost {
  readonly seconds: number;
  /** The largest resident set the process ever had, in MiB; the kernel's own high-water mark. 0 where there is no /proc. */
  readonly peakMib: number;
}

/** Often enough to catch the mark of a process that lives half a second, seldom enough to cost nothing. */
const POLL_MS = 20;

/**
 * Runs a program to its end and measures the process from start to exit, so a program's start-up counts.
 * @throws Error with the end of what it printed, where it does not exit with 0.
 */
export async function runChild(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildCost> {
  const [program, ...arguments_] = command;
  const began = process.hrtime.bigint();
  const child = spawn(program, arguments_, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peakMib = 0;
  const poll = setInterval(() => {
    peakMib = Math.max(peakMib, highWaterMib(child.pid));
  }, POLL_MS);
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-4_000);
  };
  // Standard output may be a dump of the whole table: read, never kept.
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.length < 4_000) keep(chunk);
  });
  child.stderr.on('data', keep);
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => clearInterval(poll));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (exit !== 0) throw new Error(`${command.join(' ')} ended with ${String(exit)}:\n${tail}`);
  return { seconds, peakMib };
}

function highWaterMib(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return Number(match?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
