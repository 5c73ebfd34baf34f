import { sumCounts } from '../../journal/batches.ts';
import { type LeaseScope, type Shard, WHOLE } from '../../journal/lease.ts';
import { finishRun } from '../../journal/runs.ts';
import { completeShard, makeShards, readShards } from '../../journal/shards.ts';
import type { Executor } from '../../db/database.ts';
import { type ScanRange, WHOLE_TABLE } from '../../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import { timestamp } from '../context/context.ts';
import type { TransactAlone } from '../context/retried.ts';

/** What one process does of a run. */
export interface Share {
  /** null: everything. */
  readonly shard: Shard | null;
  readonly range: ScanRange;
}

/** The state of the run after one of its shares is done. */
export type RunEnd =
  | { readonly kind: 'complete' }
  /** Other shards are not done yet: they are running, dead, or not begun. */
  | { readonly kind: 'open'; readonly left: readonly number[] };

/**
 * Finds the part of the table that the holder of a lease works on. The first shard of a cut makes the cut for all
 * shards.
 * @throws RetypeError LEASE_LOST.
 */
export async function openShare(
  alone: TransactAlone,
  schema: GlanceSchema,
  scope: LeaseScope,
  runId: number,
): Promise<Share> {
  if (scope.kind === 'whole') return { shard: null, range: WHOLE_TABLE };
  const shards = await alone(async (trx) => {
    const made = await readShards(trx, runId, scope.of);
    if (made.length > 0) return made;
    await makeShards(trx, schema, runId, scope.of);
    return readShards(trx, runId, scope.of);
  });
  const own = shards.find(({ shard }) => shard === scope.shard);
  if (own === undefined) throw new Error(`the cut into ${scope.of} has no shard ${scope.shard}`);
  return { shard: { shard: scope.shard, of: scope.of }, range: own.range };
}

/** Marks a share as done; the run is complete when all shares are. */
export async function closeShare(alone: TransactAlone, runId: number, { shard }: Share): Promise<RunEnd> {
  return alone(async (trx): Promise<RunEnd> => {
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
 * Numbers the batches of one process: above every committed number, and with another remainder for every shard, so that
 * shards that run at the same time never take the same number.
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

/** Names what a lease is on: everything, or one shard. */
export function scopeOf(shard: Shard | null): LeaseScope {
  return shard === null ? WHOLE : { kind: 'shard', ...shard };
}
