import { sumCounts } from '../../journal/batches.ts';
import { type Lease, type Shard, WHOLE } from '../../journal/lease.ts';
import { finishRun } from '../../journal/runs.ts';
import { completeShard, makeShards, readShards } from '../../journal/shards.ts';
import type { Executor } from '../../db/database.ts';
import { type ScanRange, WHOLE_TABLE } from '../../glance/reader/scan-order.ts';
import { timestamp, type WriteContext } from '../context.ts';
import { retried } from './retried.ts';

/** What one process does of a run. */
export interface Share {
  /** null: everything. */
  readonly shard: Shard | null;
  readonly range: ScanRange;
}

/** What became of the run when a share of it was done. */
export type RunEnd =
  | { readonly kind: 'complete' }
  /** Other shards are not done yet: at work, dead, or not begun. */
  | { readonly kind: 'open'; readonly left: readonly number[] };

/**
 * The part of the table that the holder of a lease works on. The first shard of a cut makes it, for all others.
 * @throws RetypeError LEASE_LOST.
 */
export async function openShare(context: WriteContext, lease: Lease, runId: number): Promise<Share> {
  const { scope } = lease;
  if (scope.kind === 'whole') return { shard: null, range: WHOLE_TABLE };
  const shards = await retried(context, async (trx) => {
    await lease.assertAlone(trx);
    const made = await readShards(trx, runId, scope.of);
    if (made.length > 0) return made;
    await makeShards(trx, context.schema, runId, scope.of);
    return readShards(trx, runId, scope.of);
  });
  const own = shards.find(({ shard }) => shard === scope.shard);
  if (own === undefined) throw new Error(`the cut into ${scope.of} has no shard ${scope.shard}`);
  return { shard: { shard: scope.shard, of: scope.of }, range: own.range };
}

/** Says that a share is done; the run is complete when all are. */
export async function closeShare(
  context: WriteContext,
  lease: Lease,
  runId: number,
  { shard }: Share,
): Promise<RunEnd> {
  return retried(context, async (trx): Promise<RunEnd> => {
    await lease.assertAlone(trx);
    if (shard !== null) {
      await completeShard(trx, runId, shard);
      const left = (await readShards(trx, runId, shard.of)).filter(({ state }) => state === 'open');
      if (left.length > 0) return { kind: 'open', left: left.map((open) => open.shard) };
    }
    await completeRun(trx, runId);
    return { kind: 'complete' };
  });
}

async function completeRun(trx: Executor, runId: number): Promise<void> {
  const { counts, rowsWritten: written, batches: count, seals } = await sumCounts(trx, runId);
  await finishRun(trx, runId, 'complete', timestamp(), { counts: { ...counts, written }, batches: { count, seals } });
}

/**
 * Numbers for the batches of one process: above all that are committed, and of another remainder for every shard, so that shards at work at
 * the same time never take the same one.
 */
export function batchNumbers(last: number, shard: Shard | null): () => number {
  const step = shard?.of ?? 1;
  const remainder = (shard?.shard ?? 0) % step;
  let next = last + 1;
  while (next % step !== remainder) next += 1;
  return () => {
    const number = next;
    next += step;
    return number;
  };
}

/** A lease on everything, or on one shard. */
export function scopeOf(shard: Shard | null): Lease['scope'] {
  return shard === null ? WHOLE : { kind: 'shard', ...shard };
}
