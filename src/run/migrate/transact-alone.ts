import type { Executor } from '../../db/database.ts';
import type { Lease } from '../../journal/lease.ts';
import { type Retrying, retried } from '../context/retried.ts';

/**
 * Runs a transaction in which no other process changes the record of a run, and repeats it until it commits.
 * @throws RetypeError LEASE_LOST, and for failures of the database.
 */
export type TransactAlone = <T>(work: (trx: Executor) => Promise<T>) => Promise<T>;

/** Binds the lease that every such transaction asserts. */
export function transactAlone(context: Retrying, lease: Lease): TransactAlone {
  return async (work) =>
    retried(context, async (trx) => {
      await lease.assertAlone(trx);
      return work(trx);
    });
}
