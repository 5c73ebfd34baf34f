import type { Database } from '../../db/database.ts';
import { acquireLease } from '../../journal/acquire-lease.ts';
import { keepAlive, LEASE_TIMING, type Lease, type LeaseScope } from '../../journal/lease.ts';
import type { EventListener } from '../../model/event.ts';
import type { StopRequest } from '../../run/context/stop.ts';
import { isDeadProcess, leaseHolder } from './process-identity.ts';

/** A lease that is kept alive until the caller's scope ends, and then released. */
export interface HeldLease extends AsyncDisposable {
  readonly lease: Lease;
  /** Says that the lease's table was dropped, so that there is nothing to release. */
  dropped(): void;
}

interface LeasePurpose {
  /** The command; another process that wants the lease reads it. */
  readonly purpose: string;
  readonly scope: LeaseScope;
  /** Is told when the command waits to see whether another holder is alive. */
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
}

/** @throws RetypeError LEASE_HELD, LEASE_WAIT_STOPPED, NOT_EXPANDED. */
export async function holdLease(writer: Database, { purpose, scope, onEvent, stop }: LeasePurpose): Promise<HeldLease> {
  const lease = await acquireLease(writer, leaseHolder(purpose), isDeadProcess, scope, {
    timing: LEASE_TIMING,
    onWatch: (text) => onEvent({ kind: 'note', text }),
    interrupted: () => stop.requested(),
  });
  const endBeats = keepAlive(lease, LEASE_TIMING);
  let table: 'there' | 'dropped' = 'there';
  return {
    lease,
    dropped() {
      table = 'dropped';
    },
    async [Symbol.asyncDispose]() {
      await endBeats();
      // The next holder finds out by itself that a lease was not released; an error of the work matters more.
      if (table === 'there') await lease.release().catch(() => undefined);
    },
  };
}
