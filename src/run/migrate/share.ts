import type { Dialect } from '../../db/dialect.ts';
import { forgetCoverage } from '../../journal/coverage.ts';
import { finishRun, insertRun, listRuns, setRowNumbering, type RunRecord } from '../../journal/runs.ts';
import { RetypeError } from '../../model/error.ts';
import { timestamp } from '../context/context.ts';
import type { RunInputs } from '../context/run-inputs.ts';
import { describeInputs, describeRun, differingInputs, storedInputs, runOptionsText } from '../context/run-inputs.ts';
import type { TransactAlone } from '../context/retried.ts';
import { sumCounts } from '../../journal/batches.ts';
import { type LeaseScope, type Shard, WHOLE } from '../../journal/lease.ts';
import { completeShard, makeShards, readShards } from '../../journal/shards.ts';
import { type ScanRange, WHOLE_TABLE } from '../../glance/tables/scan-order.ts';
import { type GlanceSchema } from '../../glance/tables/schema.ts';

/** What migrate is asked to do. */
export interface RunRequest extends RunInputs {
  readonly toolVersion: string;
  /** What to do with an unfinished run of other inputs: refuse, or close it where it is. */
  readonly unfinished: 'resume' | 'close';
}

export interface OpenedRun {
  readonly run: RunRecord;
  /** Whether an earlier invocation or another shard began it. */
  readonly resumed: boolean;
}

/**
 * Resumes the unfinished run of the same inputs and version, or begins one. Shards that start at the same moment take
 * turns, so that they find the same run.
 *
 * @throws RetypeError RUN_MISMATCH, LEASE_LOST.
 */
export async function openRun(alone: TransactAlone, dialect: Dialect, request: RunRequest): Promise<OpenedRun> {
  return alone(async (trx) => {
    const rowNumbering = await dialect.rowNumbering(trx);
    const unfinished = unfinishedRun(await listRuns(trx), request);
    if (unfinished !== null) {
      const { run: open, end } = unfinished;
      if (end === 'resume') {
        if (open.rowNumbering !== rowNumbering) {
          // The rows have other numbers now: all are read again, and rows that are stored already are found to be so.
          await forgetCoverage(trx, open.id);
          await setRowNumbering(trx, open.id, rowNumbering);
        }
        return { run: open, resumed: true };
      }
      await finishRun(trx, open.id, 'abandoned', timestamp(), null);
    }
    const options = runOptionsText(request);
    return { run: await insertRun(trx, { ...request, options, rowNumbering, startedAt: timestamp() }), resumed: false };
  });
}

/**
 * Finds the unfinished run, and what becomes of it.
 * @throws RetypeError RUN_MISMATCH.
 */
export function unfinishedRun(
  runs: readonly RunRecord[],
  request: RunRequest,
): { readonly run: RunRecord; readonly end: 'resume' | 'close' } | null {
  const run = runs.find(({ state }) => state === 'active');
  if (run === undefined) return null;
  if (request.unfinished === 'close') return { run, end: 'close' };
  // Another version may read the same rules differently.
  const same = differingInputs(run, request).length === 0 && run.toolVersion === request.toolVersion;
  if (!same) throw mismatch(run, request);
  return { run, end: 'resume' };
}

function mismatch(open: RunRecord, request: RunRequest): RetypeError {
  return new RetypeError('RUN_MISMATCH', {
    place: describeRun(open),
    expected: `${describeInputs(storedInputs(open))}, glance-retype ${open.toolVersion}`,
    found: `${describeInputs(request)}, glance-retype ${request.toolVersion}`,
    advice:
      'run migrate with the rules, the answers, the version and the --probe that run began with, or pass --new-run, or roll it back',
  });
}

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
    const { counts, rowsWritten: written, batches: count, seals } = await sumCounts(trx, runId);
    await finishRun(trx, runId, 'complete', timestamp(), { counts: { ...counts, written }, batches: { count, seals } });
    return { kind: 'complete' };
  });
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
