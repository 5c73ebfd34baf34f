import { parsed } from '../../journal/column-text.ts';
import type { RunRecord } from '../../journal/runs.ts';
import { RetypeError } from '../../model/error.ts';

/** Which images are looked into: every one with a payload, or those that their row leaves open. */
export type ProbeMode = 'all' | 'undecided';

/**
 * What the decisions of a run depend on besides the database. Stored decisions are only compared with decisions made
 * from the same inputs; others would differ wherever content or an answer decided. Where the bytes come from (a store
 * or an API) is no input.
 */
export interface RunInputs {
  readonly rulesDigest: string;
  /** null where no answers file was given. */
  readonly answersDigest: string | null;
  readonly probe: ProbeMode | 'off';
}

/** Reads the inputs of a stored run. A version that could not look into images stored no probe mode. */
export function storedInputs({ rulesDigest, answersDigest, options }: RunRecord): RunInputs {
  const { probe } = (parsed(options) ?? {}) as { readonly probe?: unknown };
  return { rulesDigest, answersDigest, probe: probe === 'all' || probe === 'undecided' ? probe : 'off' };
}

/** The inputs without a column of their own in retype_runs, as JSON. */
export function runOptionsText({ probe }: Pick<RunInputs, 'probe'>): string {
  return JSON.stringify({ probe });
}

/** One input in which a command differs from a run. */
export interface InputDifference {
  readonly input: 'rules' | 'answers' | 'content';
  /** What the run had and what the command has, worded for a person. */
  readonly stored: string;
  readonly given: string;
}

/** Compares the inputs of a command with those of a stored run; empty where they are the same. */
export function differingInputs(run: RunRecord, given: RunInputs): readonly InputDifference[] {
  const stored = storedInputs(run);
  const [then, now] = [wordInputs(stored), wordInputs(given)];
  return [
    ...(stored.rulesDigest === given.rulesDigest ? [] : (['rules'] as const)),
    ...(stored.answersDigest === given.answersDigest ? [] : (['answers'] as const)),
    ...(stored.probe === given.probe ? [] : (['content'] as const)),
  ].map((input) => ({ input, stored: then[input], given: now[input] }));
}

/** Words all inputs: `the rules 0a1b2c3d4e5f, no answers file, --probe off`. */
export function describeInputs(inputs: RunInputs): string {
  return Object.values(wordInputs(inputs)).join(', ');
}

function wordInputs({
  rulesDigest,
  answersDigest,
  probe,
}: RunInputs): Readonly<Record<InputDifference['input'], string>> {
  return {
    rules: `the rules ${rulesDigest.slice(0, 12)}`,
    answers: answersDigest === null ? 'no answers file' : `the answers ${answersDigest.slice(0, 12)}`,
    content: `--probe ${probe}`,
  };
}

/**
 * The newest run that was neither abandoned nor rolled back: the stored decisions belong to it. null where there is
 * none.
 */
export function currentRun(runs: readonly RunRecord[]): RunRecord | null {
  return runs.findLast(({ state }) => state === 'active' || state === 'complete') ?? null;
}

/**
 * Refuses to verify with another probe mode or other answers than the current run had. Other rules are no obstacle:
 * what they decide differently is what verify reports.
 *
 * @throws RetypeError RUN_MISMATCH.
 */
export function requireSameInputs(runs: readonly RunRecord[], given: RunInputs): void {
  const run = currentRun(runs);
  // Nothing can be concluded from a record that another hand changed; verify itself reports it.
  if (run === null || runs.some(({ integrity }) => integrity === 'altered')) return;
  const [first, ...rest] = differingInputs(run, given)
    .filter(({ input }) => input !== 'rules')
    .map(({ input, stored, given: found }) => ({
      place: describeRun(run),
      expected: `${stored}, as that run decided`,
      found,
      advice: input === 'content' ? probeAdvice(storedInputs(run)) : answersAdvice(storedInputs(run)),
    }));
  if (first !== undefined) throw new RetypeError('RUN_MISMATCH', [first, ...rest]);
}

function probeAdvice({ probe }: RunInputs): string {
  return probe === 'off'
    ? 'verify with --probe off; to have images looked into, migrate again with --probe'
    : `verify with --probe ${probe} and the --store-path or --image-api of that run`;
}

function answersAdvice({ answersDigest }: RunInputs): string {
  return answersDigest === null
    ? 'verify without --answers; to have answers followed, migrate again with --answers'
    : 'verify with the --answers file of that run, its answers unchanged; after a change of answers migrate again';
}

/** `run 3, begun 2026-11-30T10:00:00Z by glance-retype 0.1.0` */
export function describeRun({ id, startedAt, toolVersion }: RunRecord): string {
  return `run ${id}, begun ${startedAt} by glance-retype ${toolVersion}`;
}
