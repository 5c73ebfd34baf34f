import type { Database } from '../../db/database.ts';
import { isHeld, type LeaseRecord, readLeases } from '../../journal/lease.ts';
import type { JournalMeta } from '../../journal/meta.ts';
import { listRuns, type RunRecord } from '../../journal/runs.ts';
import type { ReadContext } from '../context.ts';
import { type DecisionSink, plan } from '../plan.ts';
import { Differences } from '../differences.ts';
import { findMeta } from '../preflight.ts';
import { verifyRecords } from '../records.ts';
import {
  type DecisionGrounds,
  describeAnswers,
  describeRunOptions,
  readRunOptions,
  standingRun,
} from '../run-options.ts';
import { verify, type VerifyResult } from '../verify.ts';

/** What gate decides by, to be held against what the newest run decided by. */
export interface GateGrounds extends DecisionGrounds {
  readonly rulesDigest: string;
}

/** Where things stand in the database. */
export interface GateFacts {
  /** null where the tool has left nothing here. */
  readonly meta: JournalMeta | null;
  /** null where nobody works. */
  readonly lease: LeaseRecord | null;
  /** The newest run that was not abandoned or rolled back. */
  readonly run: RunRecord | null;
  /** In what the run decided by something else; one line each. */
  readonly otherGrounds: readonly string[];
  /** null where stored decisions could not be compared with those derived anew. */
  readonly verified: VerifyResult | null;
  /** What differs; of the tool's own tables alone, where stored decisions could not be compared. */
  readonly found: Pick<VerifyResult, 'differences' | 'sample' | 'atWork'>;
}

/**
 * Reads everything that speaks for or against the cutover. Every row is read and decided once, also where there is nothing to
 * compare it with, so that what is undecided is always known.
 *
 * @param sink takes every image with its decision.
 * @param nodes other nodes of the same cluster, to be compared with this one.
 * @returns null where a stop was asked for meanwhile.
 */
export async function inspectGate(
  context: ReadContext,
  grounds: GateGrounds,
  sink: DecisionSink,
  nodes: readonly Database[] = [],
): Promise<GateFacts | null> {
  const { reader } = context;
  const meta = await findMeta(reader);
  const leases = meta?.state === 'expanded' ? await readLeases(reader, reader.dialect.nowMs) : [];
  const runs = meta?.state === 'expanded' ? await listRuns(reader) : [];
  const run = standingRun(runs);
  const otherGrounds = run === null ? [] : groundsOtherThan(run, grounds);
  const facts = { meta, lease: leases.find(isHeld) ?? null, run, otherGrounds };
  if (meta?.state !== 'expanded' || run?.state !== 'complete' || otherGrounds.length > 0) {
    const differences = new Differences();
    const end = await plan(context, sink);
    if (end === 'stopped') return null;
    const { counts, sample } = differences;
    const atWork =
      meta?.state === 'expanded' ? (await verifyRecords({ reader, meta, nodes }, differences)).atWork : null;
    return { ...facts, verified: null, found: { differences: counts, sample, atWork } };
  }
  const verified = await verify(context, meta, sink, nodes);
  return verified.end === 'stopped' ? null : { ...facts, verified, found: verified };
}

function groundsOtherThan(run: RunRecord, grounds: GateGrounds): readonly string[] {
  const stored = readRunOptions(run.options);
  const pairs = [
    ['rules', `the rules ${run.rulesDigest.slice(0, 12)}`, `the rules ${grounds.rulesDigest.slice(0, 12)}`],
    ['answers', describeAnswers(run.answersDigest), describeAnswers(grounds.answersDigest)],
    ['content', describeRunOptions(stored), describeRunOptions(grounds)],
  ] as const;
  return pairs.flatMap(([what, then, now]) => (then === now ? [] : [`${what}: the run had ${then}, gate has ${now}`]));
}
