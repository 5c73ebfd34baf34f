import { readCheckpoint, sumCounts, type BatchTotals } from '../../journal/batches.ts';
import { readGaps, committedBeside } from '../../journal/coverage.ts';
import type { Lease } from '../../journal/lease.ts';
import type { JournalMeta } from '../../journal/meta.ts';
import { listRuns, type RunRecord } from '../../journal/runs.ts';
import type { StopCause } from '../../model/event.ts';
import { countProgress } from '../context/count-progress.ts';
import { readAhead } from '../context/scan.ts';
import { commitBatch, type Committing } from './commit-batch.ts';
import { type TailState, tailState, tailPass, readChangeMark } from './tail-pass.ts';
import { createSharedForms } from './batch-work.ts';
import { ReadParts } from './read-parts.ts';
import { decideAgain, firstPass } from './first-pass.ts';
import { openRun, type RunRequest, batchNumbers, closeShare, openShare, type RunEnd, type Share } from './share.ts';
import { type MigrateContext, type PassResult, passWriter } from './pass.ts';
import { transactAlone } from '../context/retried.ts';

export interface MigrateResult {
  /** Of the share of this process: everything, or one shard. */
  readonly end: 'complete' | 'stopped';
  /** null where it is complete. */
  readonly stoppedBy: StopCause | null;
  /** Of the share: rows in parts that committed batches cover, and all. */
  readonly rows: { readonly done: number; readonly total: number };
  readonly share: Share;
  /** Of the whole run. */
  readonly runEnd: RunEnd | { readonly kind: 'stopped' };
  readonly run: RunRecord;
  readonly resumed: boolean;
  readonly totals: BatchTotals;
  /** Journal rows written by this invocation. */
  readonly written: number;
  readonly passes: number;
  /** Rows that the last tail pass wrote, where Glance changes rows faster than passes can follow; 0 otherwise. */
  readonly chasing: number;
  readonly foreign: readonly string[];
}

/**
 * Decides and writes, batch by batch, and repeats until a pass finds nothing left. Resumes an unfinished run of the
 * same inputs where it left gaps, whichever process wrote the rest.
 *
 * The caller owns the connections and the lease, which says whether everything is done or one shard.
 * @throws RetypeError RUN_MISMATCH, and what `commitBatch` throws.
 */
export async function migrate(
  context: MigrateContext,
  lease: Lease,
  { target }: Pick<JournalMeta, 'target'>,
  request: RunRequest,
): Promise<MigrateResult> {
  const { reader, writer, schema, onEvent, clock, size } = context;
  const alone = transactAlone(context, lease);
  const { run, resumed } = await openRun(alone, writer.dialect, request);
  const share = await openShare(alone, schema, lease.scope, run.id);
  onEvent({ kind: 'run', id: run.id, state: resumed ? 'goes-on' : 'begins', shard: share.shard });
  const checkpoint = await readCheckpoint(writer, run.id);
  const gaps = await readGaps(writer, schema, run.id, share.range);
  const committing: Committing = {
    place: { writer, schema, lease, target, cache: new Set() },
    runId: run.id,
    nextNumber: batchNumbers(checkpoint.batch, share.shard),
    onEvent,
    clock,
    took: (rows, milliseconds) => size.took(rows, milliseconds),
  };
  // Beside a complete run there may be nothing to write: then a limit of batches must not stop each rerun halfway.
  const emptyBatches = (await listRuns(writer)).some(({ state }) => state === 'complete') ? 'is-free' : 'counts';
  const write = passWriter({ ...context, emptyBatches }, (work) => commitBatch(committing, work));

  const foreign = new Set<string>();
  const parts = new ReadParts();
  const deciding = { decide: context.decide, sharedForms: createSharedForms(context.decide), leaveAlone: foreign };
  const reading = { parts, deciding };
  const counted = countProgress(reader, schema, share.range, gaps);
  let mark = await readChangeMark(writer);
  let evidence = await readAhead(context, { detail: 'ids', digest: 'of-rows' });
  const { total, done } = await counted;
  onEvent({ kind: 'phase', phase: 'migrate', total });
  onEvent({ kind: 'progress', done });

  const results: PassResult[] = [];
  const note = (result: PassResult): void => {
    results.push(result);
    for (const id of result.foreign) foreign.add(id);
  };
  const isFinished = (): boolean => results.at(-1)?.end === 'finished';
  let covered = done;
  note(
    await firstPass(context, write, { ranges: gaps, pass: 1, evidence, ...reading }, (rows) => {
      covered += rows;
      onEvent({ kind: 'progress', done: covered });
    }),
  );
  let pass = 1;
  const before = committedBeside(share.range, gaps);
  if (isFinished() && before.length > 0) {
    pass = checkpoint.pass + 1;
    onEvent({ kind: 'phase', phase: 'compare', total: done });
    const again = { ranges: before, pass, evidence, ...reading };
    note(
      await decideAgain(context, write, again, (rows) => {
        onEvent({ kind: 'progress', done: rows });
      }),
    );
  }
  const found: number[] = [];
  let tail: TailState = 'again';
  while (isFinished() && tail === 'again') {
    pass = Math.max(pass, checkpoint.pass) + 1;
    const { lanes: searches } = context;
    const tailed = await tailPass(context, write, {
      pass,
      before: evidence,
      within: share.range,
      mark,
      searches,
      ...reading,
    });
    ({ evidence, mark } = tailed);
    tailed.results.forEach(note);
    // A row that changed while it was being written counts as found.
    found.push(tailed.results.reduce((sum, { written, changed }) => sum + written + changed, 0));
    tail = tailState(found);
  }
  const { end } = results.at(-1) ?? { end: 'stopped' };
  const runEnd = end === 'finished' ? await closeShare(alone, run.id, share) : ({ kind: 'stopped' } as const);
  return {
    end: end === 'finished' ? 'complete' : 'stopped',
    stoppedBy: end === 'finished' ? null : context.brake.stoppedBy(),
    rows: { done: covered, total },
    share,
    runEnd,
    run,
    resumed,
    totals: await sumCounts(writer, run.id),
    written: results.reduce((sum, { written }) => sum + written, 0),
    passes: pass,
    chasing: tail === 'chasing' ? (found.at(-1) ?? 0) : 0,
    foreign: [...foreign],
  };
}
