import { forgetCoverage } from '../../journal/coverage.ts';
import type { Lease } from '../../journal/lease.ts';
import { finishRun, insertRun, listRuns, setRowNumbering, type RunRecord } from '../../journal/runs.ts';
import { RetypeError } from '../../model/error.ts';
import { timestamp, type WriteContext } from '../context.ts';
import { retried } from './retried.ts';
import { describeAnswers, describeRun, describeRunOptions, readRunOptions } from '../run-options.ts';

/** What identifies the decisions of a run. */
export interface RunTerms {
  readonly rulesDigest: string;
  readonly answersDigest: string | null;
  /** Options that bear on the result, as `runOptionsText` writes them. */
  readonly options: string;
  readonly toolVersion: string;
  /** What to do with an unfinished run of other rules: refuse, or close it where it stands. */
  readonly unfinished: 'resume' | 'close';
}

export interface OpenedRun {
  readonly run: RunRecord;
  /** Whether it had been begun before, or by another shard. */
  readonly resumed: boolean;
}

/**
 * Goes on with the unfinished run of the same terms, or begins one. Shards that come at the same moment take turns, so that they find
 * the same run.
 *
 * @throws RetypeError RUN_MISMATCH, LEASE_LOST.
 */
export async function openRun(context: WriteContext, lease: Lease, terms: RunTerms): Promise<OpenedRun> {
  return retried(context, async (trx) => {
    await lease.assertAlone(trx);
    const rowNumbering = await context.writer.dialect.rowNumbering(trx);
    const open = (await listRuns(trx)).find((run) => run.state === 'active');
    if (open !== undefined) {
      const same =
        open.rulesDigest === terms.rulesDigest &&
        open.answersDigest === terms.answersDigest &&
        // Looking into other images would decide the rest of the table on other evidence.
        readRunOptions(open.options).probe === readRunOptions(terms.options).probe &&
        // Another version may read the same rules differently.
        open.toolVersion === terms.toolVersion;
      if (same && terms.unfinished === 'resume') {
        if (open.rowNumbering !== rowNumbering) {
          // The rows have other numbers now: everything is read again, and what is stored already is found to be so.
          await forgetCoverage(trx, open.id);
          await setRowNumbering(trx, open.id, rowNumbering);
        }
        return { run: open, resumed: true };
      }
      if (terms.unfinished === 'resume') {
        throw mismatch(open, terms);
      }
      await finishRun(trx, open.id, 'abandoned', timestamp(), null);
    }
    return { run: await insertRun(trx, { ...terms, rowNumbering, startedAt: timestamp() }), resumed: false };
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

function describeTerms({ rulesDigest, answersDigest, toolVersion, options }: Omit<RunTerms, 'unfinished'>): string {
  return `rules ${rulesDigest.slice(0, 12)}, ${describeAnswers(answersDigest)}, glance-retype ${toolVersion}, ${describeRunOptions(readRunOptions(options))}`;
}
