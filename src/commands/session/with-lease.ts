import type { Database } from '../../db/database.ts';
import { acquireLease, type Watching } from '../../journal/acquire-lease.ts';
import { keepAlive, LEASE_TIMING, type Lease, type LeaseScope } from '../../journal/lease.ts';
import type { EventListener } from '../../model/event.ts';
import type { StopRequest } from '../../run/context/stop.ts';
import { isDeadProcess, leaseHolder } from './process-identity.ts';

/** What a piece of work says about the lease when it ends. */
export type LeaseEnd = 'release' | 'gone';

/** For what a lease is taken. */
export interface LeasePurpose {
  /** The command, for the message the other side reads. */
  readonly purpose: string;
  readonly scope: LeaseScope;
  /** Tells the operator that a holder is being watched, on standard error where nothing is said. */
  readonly onEvent?: EventListener;
  /** May end the waiting. Left out where nobody listens for signals, and one ends the process. */
  readonly stop?: StopRequest;
}

/**
 * Runs work under the lease.
 *
 * @param work answers `gone` when it dropped the lease's own table.
 * @throws RetypeError LEASE_HELD, LEASE_WAIT_STOPPED, NOT_EXPANDED, and what `work` throws.
 */
export async function withLease<T>(
  writer: Database,
  { purpose, scope, onEvent, stop }: LeasePurpose,
  work: (lease: Lease) => Promise<{ readonly value: T; readonly lease: LeaseEnd }>,
): Promise<T> {
  const watching: Watching = {
    timing: LEASE_TIMING,
    onWatch: (text) => (onEvent === undefined ? process.stderr.write(`${text}\n`) : onEvent({ kind: 'note', text })),
    interrupted: () => stop?.requested() ?? false,
  };
  const lease = await acquireLease(writer, leaseHolder(purpose), isDeadProcess, scope, watching);
  const endBeats = keepAlive(lease, LEASE_TIMING);
  let end: LeaseEnd = 'release';
  try {
    const done = await work(lease);
    end = done.lease;
    return done.value;
  } finally {
    await endBeats();
    if (end === 'release') {
      // Who comes next finds out by itself that a lease was not given back; the error that brought us here matters more.
      await lease.release().catch(() => undefined);
    }
  }
}
