import { parsed } from '../journal/column-text.ts';
import { type Problem, RetypeError } from '../model/error.ts';
import type { RunRecord } from '../journal/runs.ts';
import type { ProbeMode } from './probing/look-inside.ts';

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
  const { probe } = (parsed(text) ?? {}) as { readonly probe?: unknown };
  return { probe: probe === 'all' || probe === 'undecided' ? probe : 'off' };
}

export function describeRunOptions({ probe }: RunOptions): string {
  return `--probe ${probe}`;
}

/** What decisions rest on beside the rules. */
export interface DecisionGrounds extends RunOptions {
  /** Digest of the answers file; null where none was given. */
  readonly answersDigest: string | null;
}

/**
 * Stored decisions rest on the evidence and the answers of the newest run that still stands. To compare with others would show a
 * difference wherever content or an answer decided.
 *
 * @throws RetypeError RUN_MISMATCH.
 */
export function requireSameGrounds(runs: readonly RunRecord[], grounds: DecisionGrounds): void {
  const run = standingRun(runs);
  // Of a record that another hand changed nothing can be said, but that: verify does.
  if (run === null || runs.some(({ integrity }) => integrity === 'altered')) return;
  const stored = readRunOptions(run.options);
  const problems = [
    ...(stored.probe === grounds.probe ? [] : [otherProbe(run, stored, grounds)]),
    ...(run.answersDigest === grounds.answersDigest ? [] : [otherAnswers(run, grounds)]),
  ];
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('RUN_MISMATCH', [first, ...rest]);
}

/** The newest run that was neither abandoned nor rolled back: stored decisions are its. */
export function standingRun(runs: readonly RunRecord[]): RunRecord | null {
  return runs.findLast(({ state }) => state === 'active' || state === 'complete') ?? null;
}

function otherProbe(run: RunRecord, stored: RunOptions, given: RunOptions): Problem {
  return {
    place: describeRun(run),
    expected: `${describeRunOptions(stored)}, as that run decided`,
    found: describeRunOptions(given),
    advice:
      stored.probe === 'off'
        ? 'verify with --probe off; to have images looked into, migrate again with --probe'
        : `verify with --probe ${stored.probe} and the --store-path or --image-api of that run`,
  };
}

function otherAnswers(run: RunRecord, { answersDigest }: DecisionGrounds): Problem {
  return {
    place: describeRun(run),
    expected: `${describeAnswers(run.answersDigest)}, as that run decided`,
    found: describeAnswers(answersDigest),
    advice:
      run.answersDigest === null
        ? 'verify without --answers; to have answers followed, migrate again with --answers'
        : 'verify with the --answers file of that run, its answers unchanged; after a change of answers migrate again',
  };
}

/** `the answers 0a1b2c3d4e5f` */
export function describeAnswers(digest: string | null): string {
  return digest === null ? 'no answers file' : `the answers ${digest.slice(0, 12)}`;
}

export function describeRun({ id, startedAt, toolVersion }: RunRecord): string {
  return `run ${id}, begun ${startedAt} by glance-retype ${toolVersion}`;
}
