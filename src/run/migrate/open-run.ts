import type { Dialect } from '../../db/dialect.ts';
import { forgetCoverage } from '../../journal/coverage.ts';
import { finishRun, insertRun, listRuns, setRowNumbering, type RunRecord } from '../../journal/runs.ts';
import { RetypeError } from '../../model/error.ts';
import { timestamp } from '../context/context.ts';
import {
  describeInputs,
  describeRun,
  differingInputs,
  inputsOf,
  type RunInputs,
  runOptionsText,
} from '../context/run-inputs.ts';
import type { TransactAlone } from '../context/retried.ts';

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
    const open = (await listRuns(trx)).find((run) => run.state === 'active');
    if (open !== undefined) {
      // Another version may read the same rules differently.
      const same = differingInputs(open, request).length === 0 && open.toolVersion === request.toolVersion;
      if (same && request.unfinished === 'resume') {
        if (open.rowNumbering !== rowNumbering) {
          // The rows have other numbers now: all are read again, and rows that are stored already are found to be so.
          await forgetCoverage(trx, open.id);
          await setRowNumbering(trx, open.id, rowNumbering);
        }
        return { run: open, resumed: true };
      }
      if (request.unfinished === 'resume') throw mismatch(open, request);
      await finishRun(trx, open.id, 'abandoned', timestamp(), null);
    }
    const options = runOptionsText(request);
    return { run: await insertRun(trx, { ...request, options, rowNumbering, startedAt: timestamp() }), resumed: false };
  });
}

function mismatch(open: RunRecord, request: RunRequest): RetypeError {
  return new RetypeError('RUN_MISMATCH', [
    {
      place: describeRun(open),
      expected: `${describeInputs(inputsOf(open))}, glance-retype ${open.toolVersion}`,
      found: `${describeInputs(request)}, glance-retype ${request.toolVersion}`,
      advice:
        'run migrate with the rules, the answers, the version and the --probe that run began with, or pass --new-run, or roll it back',
    },
  ]);
}
