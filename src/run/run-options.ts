import { RetypeError } from '../model/error.ts';
import type { RunRecord } from '../journal/runs.ts';
import type { ProbeMode } from './look-inside.ts';

/** Options that bear on the result of a run; kept with it as JSON. Where the bytes come from does not: a store or an API. */
export interface RunOptions {
  readonly probe: ProbeMode | 'off';
}

/** What to look into, as it is stored. */
export function runOptionsText({ probe }: RunOptions): string {
  return JSON.stringify({ probe });
}

/** Reads what a run was stored with. A run of a version that could not look into images stored nothing. */
export function readRunOptions(text: string): RunOptions {
  const { probe } = JSON.parse(text) as { readonly probe?: unknown };
  return { probe: probe === 'all' || probe === 'undecided' ? probe : 'off' };
}

export function describeRunOptions({ probe }: RunOptions): string {
  return `--probe ${probe}`;
}

/**
 * The evidence that stored decisions rest on is that of the newest run that still stands. To compare with other evidence would
 * show a difference wherever content decided.
 *
 * @throws RetypeError RUN_MISMATCH.
 */
export function requireSameEvidence(runs: readonly RunRecord[], options: RunOptions): void {
  const run = runs.findLast(({ state }) => state === 'active' || state === 'complete');
  if (run === undefined) return;
  const stored = readRunOptions(run.options);
  if (stored.probe === options.probe) return;
  throw new RetypeError('RUN_MISMATCH', [
    {
      place: `run ${run.id}, begun ${run.startedAt} by glance-retype ${run.toolVersion}`,
      expected: `${describeRunOptions(stored)}, as that run decided`,
      found: describeRunOptions(options),
      advice:
        stored.probe === 'off'
          ? 'verify with --probe off; to have images looked into, migrate again with --probe'
          : `verify with --probe ${stored.probe} and the --store-path or --image-api of that run`,
    },
  ]);
}
