import type { Database } from '../db/database.ts';
import { acquireLease } from '../journal/acquire-lease.ts';
import { LEASE_MS, type Lease, type LeaseScope } from '../journal/lease.ts';
import { isDeadProcess, leaseHolder } from './process-identity.ts';

/** Signs of life while no batch is written: often enough that one lost answer does not lose the lease. */
const HEARTBEAT_MS = LEASE_MS / 5;

/** What a piece of work says about the lease when it ends. */
export type LeaseEnd = 'release' | 'gone';

/**
 * Runs work under the lease. The heartbeat only prevents needless take-overs; what protects the data is that every batch asserts
 * the lease itself, so a heartbeat that fails is not an error here.
 *
 * @param work answers `gone` when it dropped the lease's own table.
 * @throws RetypeError LEASE_HELD, NOT_EXPANDED, and what `work` throws.
 */
export async function withLease<T>(
  writer: Database,
  { purpose, scope }: { readonly purpose: string; readonly scope: LeaseScope },
  work: (lease: Lease) => Promise<{ readonly value: T; readonly lease: LeaseEnd }>,
): Promise<T> {
  const lease = await acquireLease(writer, leaseHolder(purpose), isDeadProcess, scope);
  let beat: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beat = lease.extend().catch(() => undefined);
  }, HEARTBEAT_MS);
  timer.unref();
  let end: LeaseEnd = 'release';
  try {
    const done = await work(lease);
    end = done.lease;
    return done.value;
  } finally {
    clearInterval(timer);
    await beat;
    if (end === 'release') {
      // A lease that cannot be given back runs out by itself; the error that brought us here matters more.
      await lease.release().catch(() => undefined);
    }
  }
}
