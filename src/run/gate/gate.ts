import type { Database } from '../../db/database.ts';
import { isHeld, type LeaseRecord, readLeases } from '../../journal/lease.ts';
import type { JournalMeta } from '../../journal/meta.ts';
import { listRuns, type RunRecord } from '../../journal/runs.ts';
import type { DecisionSink, ReadContext } from '../context/context.ts';
import { plan } from '../plan.ts';
import { Differences } from '../verify/differences.ts';
import { findMeta } from '../preflight.ts';
import { verifyRecords } from '../verify/records.ts';
import { currentRun, differingInputs, type InputDifference, type RunInputs } from '../context/run-inputs.ts';
import { verify, type VerifyResult } from '../verify/verify.ts';

/** What the database says for or against the cutover. */
export interface GateFacts {
  /** null where this database holds none of the tool's tables. */
  readonly meta: JournalMeta | null;
  /** null where no run holds the lease. */
  readonly lease: LeaseRecord | null;
  /** The current run; null where there is none. */
  readonly run: RunRecord | null;
  /** Inputs in which gate differs from that run: then stored decisions cannot be compared. */
  readonly otherInputs: readonly InputDifference[];
  /** null where stored decisions could not be compared with decisions made now. */
  readonly verified: VerifyResult | null;
  /** What differs. Covers the tool's own tables alone where stored decisions could not be compared. */
  readonly found: Pick<VerifyResult, 'differences' | 'sample' | 'atWork'>;
}

/**
 * Reads everything that matters for the cutover. Every row is read and decided once, also where there is nothing to
 * compare it with, so the undecided rows are always known.
 *
 * @param sink takes every image with its decision.
 * @param nodes other nodes of the same cluster, to be compared with this one.
 * @returns null where the operator asked for a stop.
 */
export async function inspectGate(
  context: ReadContext,
  inputs: RunInputs,
  sink: DecisionSink,
  nodes: readonly Database[] = [],
): Promise<GateFacts | null> {
  const { reader } = context;
  const meta = await findMeta(reader);
  const leases = meta?.state === 'expanded' ? await readLeases(reader, reader.dialect.nowMs) : [];
  const runs = meta?.state === 'expanded' ? await listRuns(reader) : [];
  const run = currentRun(runs);
  const otherInputs = run === null ? [] : differingInputs(run, inputs);
  const facts = { meta, lease: leases.find(isHeld) ?? null, run, otherInputs };
  if (meta?.state !== 'expanded' || run?.state !== 'complete' || otherInputs.length > 0) {
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
