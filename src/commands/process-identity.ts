import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

import type { LeaseHolder } from '../journal/lease.ts';

/** Who this process is, for the lease row: the machine's boot, the process id and the tick it started at. */
export function leaseHolder(purpose: string): LeaseHolder {
  return {
    owner: randomUUID(),
    host: hostname(),
    process: `${bootId()}/${process.pid}/${startTick(process.pid)}`,
    purpose,
  };
}

/**
 * Whether the process named in a lease row is certainly gone: it ran on this boot of this machine, and no process with that id
 * and start tick exists any more. Says no wherever it cannot know; then the lease has to run out.
 */
export function isDeadProcess(host: string, token: string): boolean {
  const [boot, pid, tick] = token.split('/');
  const sameMachine = host === hostname() && boot !== '' && boot !== 'unknown' && boot === bootId();
  return sameMachine && tick !== undefined && tick !== 'gone' && startTick(Number(pid)) !== tick;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); the command name before it may hold blanks and parentheses. */
function startTick(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone';
  } catch {
    return 'gone';
  }
}
