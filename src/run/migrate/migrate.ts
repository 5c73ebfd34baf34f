import { countWithin } from '../../glance/reader/reader.ts';
import type { ScanRange } from '../../glance/reader/scan-order.ts';
import { readCheckpoint, sumCounts, type BatchTotals } from '../../journal/batches.ts';
import { readGaps, committedBeside } from '../../journal/coverage.ts';
import { createDecisionCache } from '../../journal/decisions.ts';
import type { Lease } from '../../journal/lease.ts';
import type { JournalMeta } from '../../journal/meta.ts';
import type { RunRecord } from '../../journal/runs.ts';
import type { Committing } from './commit-batch.ts';
import type { WriteContext } from '../context.ts';
import { changedEvidence } from './evidence-drift.ts';
import { firstPass, secondLook } from './first-pass.ts';
import { openRun, type RunTerms } from './open-run.ts';
import type { PassPlace, PassResult } from './pass.ts';
import { readAhead } from '../scan.ts';
import { batchNumbers, closeShare, openShare, type RunEnd, type Share } from './share.ts';
import { type TailState, tailState } from './tail-bound.ts';
import { tailPass } from './tail-pass.ts';

export interface MigrateResult {
  /** Of this process's share: everything, or one shard. */
  readonly end: 'complete' | 'stopped';
  readonly share: Share;
  /** Of the whole run. */
  readonly runEnd: RunEnd | { readonly kind: 'stopped' };
  readonly run: RunRecord;
  readonly resumed: boolean;
  readonly totals: BatchTotals;
  /** Journal rows written by this invocation. */
  readonly written: number;
  readonly passes: number;
  /** Rows that the last tail pass settled where Glance changed them faster than passes could follow; 0 otherwise. */
  readonly chasing: number;
  readonly foreign: readonly string[];
}

/**
 * Decides and writes, batch by batch, and repeats until a pass finds nothing left. Goes on where an unfinished run with the same terms left
 * gaps, whoever wrote what is there.
 *
 * The caller owns the connections and the lease, which says whether everything is done or one shard.
 * @throws RetypeError RUN_MISMATCH, and what `commitBatch` throws.
 */
export async function migrate(
  context: WriteContext,
  lease: Lease,
  meta: JournalMeta,
  terms: RunTerms,
): Promise<MigrateResult> {
  const { run, resumed } = await openRun(context, lease, terms);
  const share = await openShare(context, lease, run.id);
  const checkpoint = await readCheckpoint(context.writer, run.id);
  const gaps = await readGaps(context.writer, context.schema, run.id, share.range);
  const place = passPlace(context, lease, meta, { runId: run.id, last: checkpoint.batch, share });

  const counted = countProgress(context, share, gaps);
  let evidence = await readAhead(context);
  const progress = await counted;
  context.onEvent({ kind: 'phase', phase: 'migrate', total: progress.total });
  context.onEvent({ kind: 'progress', done: progress.settled });

  const results: PassResult[] = [await firstPass(context, place, evidence, gaps, progress.settled)];
  const isFinished = (): boolean => results.at(-1)?.end === 'finished';
  const foreign = (): readonly string[] => results.flatMap((result) => result.foreign);
  let pass = 1;
  const settled = committedBeside(share.range, gaps);
  if (isFinished() && settled.length > 0) {
    pass = checkpoint.pass + 1;
    context.onEvent({ kind: 'phase', phase: 'compare', total: progress.settled });
    results.push(await secondLook(context, place, evidence, { ranges: settled, pass }));
  }
  const found: number[] = [];
  let tail: TailState = 'again';
  while (isFinished() && tail === 'again') {
    pass = Math.max(pass, checkpoint.pass) + 1;
    const before = evidence;
    const fresh = readAhead(context);
    context.onEvent({ kind: 'phase', phase: 'tail', total: null });
    const changes = fresh.then(async (now) => ({
      references: now.references,
      alsoLookAt: await changedEvidence(context, before, now),
    }));
    const result = await tailPass(context, place, { pass, evidence: changes, leaveAlone: new Set(foreign()) });
    evidence = await fresh;
    results.push(result);
    // One that changed while it was being written is as it was found, or worse.
    found.push(result.written + result.changed);
    tail = tailState(found);
  }
  const { end } = results.at(-1) ?? { end: 'stopped' };
  const runEnd = end === 'finished' ? await closeShare(context, lease, run.id, share) : ({ kind: 'stopped' } as const);
  return {
    end: end === 'finished' ? 'complete' : 'stopped',
    share,
    runEnd,
    run,
    resumed,
    totals: await sumCounts(context.writer, run.id),
    written: results.reduce((sum, { written }) => sum + written, 0),
    passes: pass,
    chasing: tail === 'chasing' ? (found.at(-1) ?? 0) : 0,
    foreign: foreign(),
  };
}

interface ProcessPlace {
  readonly runId: number;
  /** Highest number of a committed batch. */
  readonly last: number;
  readonly share: Share;
}

function passPlace(
  { writer, schema, onEvent, clock, size }: WriteContext,
  lease: Lease,
  { target }: JournalMeta,
  { runId, last, share }: ProcessPlace,
): PassPlace {
  const committing: Committing = {
    place: { writer, schema, lease, target, cache: createDecisionCache() },
    runId,
    nextNumber: batchNumbers(last, share.shard),
    onEvent,
    clock,
    took: (rows, milliseconds) => size.took(rows, milliseconds),
  };
  return { committing, within: share.range };
}

/** Rows of the share, and how many of them are settled already. */
async function countProgress(
  { reader, schema }: WriteContext,
  { range }: Share,
  gaps: readonly ScanRange[],
): Promise<{ readonly total: number; readonly settled: number }> {
  const total = await countWithin(reader, schema, range);
  let open = 0;
  for (const gap of gaps)
    open += gap.after === range.after && gap.until === range.until ? total : await countWithin(reader, schema, gap);
  return { total, settled: total - open };
}
