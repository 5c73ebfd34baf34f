import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

import type { LeaseHolder, LeaseRecord } from '../../journal/lease.ts';

/**
 * Identifies this process in the lease row: the machine's boot, the namespace of process ids, the process id and its
 * start tick.
 */
export function leaseHolder(purpose: string): LeaseHolder {
  return {
    owner: randomUUID(),
    host: hostname(),
    process: `${machine()}/${process.pid}/${startTick(process.pid)}`,
    purpose,
  };
}

/**
 * Whether the process in a lease row has certainly ended: it ran on this boot of this machine, its id has the same
 * meaning here, and no process with that id and start tick exists. Returns false where it cannot know; then its signs
 * of life are watched.
 */
export function isDeadProcess(host: string, token: string): boolean {
  const [boot, namespace, pid, tick] = token.split('/');
  if (host !== hostname() || `${boot}/${namespace}` !== machine() || boot === UNKNOWN || namespace === UNKNOWN)
    return false;
  return tick !== undefined && tick !== GONE && startTick(Number(pid)) !== tick;
}

/** The process id in a lease row; null where the row holds none. */
export function pidOf({ process: token }: Pick<LeaseRecord, 'process'>): number | null {
  const pid = Number(token?.split('/')[2]);
  return Number.isInteger(pid) ? pid : null;
}

const UNKNOWN = 'unknown';
const GONE = 'gone';

/** The scope in which a process id is unique: every container of a machine numbers its processes from 1. */
function machine(): string {
  const boot = readOr(UNKNOWN, () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = readOr(UNKNOWN, () => /\d+/u.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? UNKNOWN);
  return `${boot}/${namespace}`;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command name before it may hold blanks and parentheses. */
function startTick(pid: number): string {
  return readOr(GONE, () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? GONE;
  });
}

function readOr(otherwise: string, read: () => string): string {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
