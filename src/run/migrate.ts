import { readReferences, type References } from '../glance/references.ts';
import { countImages } from '../glance/reader.ts';
import { readCheckpoint, sumCounts, type BatchTotals } from '../journal/batches.ts';
import { createEvidenceShelf } from '../journal/evidence.ts';
import type { Lease } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { finishRun, insertRun, listRuns, type RunRecord } from '../journal/runs.ts';
import { RetypeError } from '../model/error.ts';
import { timestamp, type WriteContext } from './context.ts';
import { firstPass, type PassResult } from './first-pass.ts';
import { changedTargets } from './reference-drift.ts';
import { describeDecisions, describeRun, describeRunOptions, readRunOptions } from './run-options.ts';
import { tailPass } from './tail-pass.ts';
import type { BatchPlace } from './write-batch.ts';

/** What identifies the decisions of a run. */
export interface RunTerms {
  readonly rulesDigest: string;
  readonly decisionsDigest: string | null;
  /** Options that bear on the result, as `runOptionsText` writes them. */
  readonly options: string;
  readonly toolVersion: string;
  /** What to do with an unfinished run of other rules: refuse, or close it where it stands. */
  readonly unfinished: 'resume' | 'close';
}

export interface MigrateResult {
  readonly end: 'complete' | 'stopped';
  readonly run: RunRecord;
  readonly resumed: boolean;
  readonly totals: BatchTotals;
  /** Journal rows written by this invocation. */
  readonly written: number;
  readonly passes: number;
  readonly foreign: readonly string[];
}

/**
 * Decides and writes, batch by batch, and repeats until a pass finds nothing left. Goes on from the checkpoint of an unfinished
 * run with the same terms.
 *
 * The caller owns the connections and the lease.
 * @throws RetypeError RUN_MISMATCH, and what `commitBatch` throws.
 */
export async function migrate(
  context: WriteContext,
  lease: Lease,
  meta: JournalMeta,
  terms: RunTerms,
): Promise<MigrateResult> {
  const place: BatchPlace = { writer: context.writer, lease, target: meta.target, shelf: createEvidenceShelf() };
  const { run, resumed } = await openRun(context, lease, terms);
  const checkpoint = await readCheckpoint(context.writer, run.id);

  context.onEvent({ kind: 'phase', phase: 'references', total: null });
  let references = await readReferences(context.reader, context.schema);
  let pass = 1;
  let result: PassResult = { end: 'finished', batch: checkpoint.batch, written: 0, foreign: [] };
  let written = 0;
  const foreign: string[] = [];
  const take = (next: PassResult): void => {
    result = next;
    written += next.written;
    foreign.push(...next.foreign);
  };

  context.onEvent({ kind: 'phase', phase: 'migrate', total: await countImages(context.reader) });
  context.onEvent({ kind: 'progress', done: checkpoint.rowsRead });
  take(await firstPass(context, place, run.id, references, checkpoint));

  let left = result.end === 'finished';
  while (left) {
    pass = Math.max(pass, checkpoint.pass) + 1;
    context.onEvent({ kind: 'phase', phase: 'tail', total: null });
    const fresh: References = await readReferences(context.reader, context.schema);
    const tail = await tailPass(context, place, { id: run.id, batch: result.batch, pass }, fresh, {
      alsoLookAt: changedTargets(references, fresh),
      leaveAlone: new Set(foreign),
    });
    references = fresh;
    take(tail);
    left = tail.end === 'finished' && tail.written > 0;
  }

  const totals = await sumCounts(context.writer, run.id);
  if (result.end === 'finished') {
    await context.writer.transaction(async (trx) => {
      await lease.assertHeld(trx);
      await finishRun(trx, run.id, 'complete', timestamp(), { ...totals.counts, written: totals.rowsWritten });
    });
  }
  return {
    end: result.end === 'finished' ? 'complete' : 'stopped',
    run,
    resumed,
    totals,
    written,
    passes: pass,
    foreign,
  };
}

async function openRun(
  context: WriteContext,
  lease: Lease,
  terms: RunTerms,
): Promise<{ readonly run: RunRecord; readonly resumed: boolean }> {
  return context.writer.transaction(async (trx) => {
    await lease.assertHeld(trx);
    const open = (await listRuns(trx)).find((run) => run.state === 'active');
    if (open !== undefined) {
      const same =
        open.rulesDigest === terms.rulesDigest &&
        open.decisionsDigest === terms.decisionsDigest &&
        // Looking into other images would decide the rest of the table on other evidence.
        readRunOptions(open.options).probe === readRunOptions(terms.options).probe &&
        // Another version may read the same rules differently.
        open.toolVersion === terms.toolVersion;
      if (same && terms.unfinished === 'resume') {
        return { run: open, resumed: true };
      }
      if (terms.unfinished === 'resume') {
        throw mismatch(open, terms);
      }
      await finishRun(trx, open.id, 'abandoned', timestamp(), null);
    }
    return { run: await insertRun(trx, { ...terms, startedAt: timestamp() }), resumed: false };
  });
}

function mismatch(open: RunRecord, terms: RunTerms): RetypeError {
  return new RetypeError('RUN_MISMATCH', [
    {
      place: describeRun(open),
      expected: describeTerms(open),
      found: describeTerms(terms),
      advice:
        'run migrate with the rules, the answers, the version and the --probe that run began with, or pass --new-run, or roll it back',
    },
  ]);
}

function describeTerms({ rulesDigest, decisionsDigest, toolVersion, options }: Omit<RunTerms, 'unfinished'>): string {
  return `rules ${rulesDigest.slice(0, 12)}, ${describeDecisions(decisionsDigest)}, glance-retype ${toolVersion}, ${describeRunOptions(readRunOptions(options))}`;
}
