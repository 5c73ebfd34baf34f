import type { Database } from '../db/database.ts';
import { isHeld, type LeaseRecord, readLeases } from '../journal/lease.ts';
import { columnList, type JournalMeta } from '../journal/meta.ts';
import { listRuns, type RunRecord } from '../journal/runs.ts';
import { JOURNAL_TABLE } from '../journal/tables.ts';
import type { ReadContext } from './context.ts';
import { type DecisionSink, plan } from './plan.ts';
import { findMeta } from './preflight.ts';
import {
  type DecisionGrounds,
  describeDecisions,
  describeRunOptions,
  readRunOptions,
  standingRun,
} from './run-options.ts';
import { verify, type VerifyResult } from './verify.ts';

/** What gate decides by, to be held against what the newest run decided by. */
export interface GateGrounds extends DecisionGrounds {
  readonly rulesDigest: string;
}

/** Images whose result columns hold values although the journal does not know them. */
interface ForeignValues {
  readonly count: number;
  readonly sampleIds: readonly string[];
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
  readonly foreign: ForeignValues;
}

/**
 * Reads everything that speaks for or against the cutover. Every row is read and decided once, also where there is nothing to
 * compare it with, so that what is undecided is always known.
 *
 * @param sink takes every image with its decision.
 * @returns null where a stop was asked for meanwhile.
 */
export async function inspectGate(
  context: ReadContext,
  grounds: GateGrounds,
  sink: DecisionSink,
): Promise<GateFacts | null> {
  const { reader } = context;
  const meta = await findMeta(reader);
  const leases = meta?.state === 'expanded' ? await readLeases(reader, reader.dialect.nowMs) : [];
  const runs = meta?.state === 'expanded' ? await listRuns(reader) : [];
  const run = standingRun(runs);
  const otherGrounds = run === null ? [] : differences(run, grounds);
  const facts = { meta, lease: leases.find(isHeld) ?? null, run, otherGrounds };
  if (meta?.state !== 'expanded' || run?.state !== 'complete' || otherGrounds.length > 0) {
    const end = await plan(context, sink);
    return end === 'stopped' ? null : { ...facts, verified: null, foreign: { count: 0, sampleIds: [] } };
  }
  const verified = await verify(context, meta, sink);
  if (verified.end === 'stopped') return null;
  return { ...facts, verified, foreign: await findForeignValues(reader, meta) };
}

function differences(run: RunRecord, grounds: GateGrounds): readonly string[] {
  const stored = readRunOptions(run.options);
  const pairs = [
    ['rules', `the rules ${run.rulesDigest.slice(0, 12)}`, `the rules ${grounds.rulesDigest.slice(0, 12)}`],
    ['answers', describeDecisions(run.decisionsDigest), describeDecisions(grounds.decisionsDigest)],
    ['content', describeRunOptions(stored), describeRunOptions(grounds)],
  ] as const;
  return pairs.flatMap(([what, then, now]) => (then === now ? [] : [`${what}: the run had ${then}, gate has ${now}`]));
}

/** migrate writes no journal row for these and leaves them alone; verify would only say that they are not migrated. */
async function findForeignValues(reader: Database, { target }: JournalMeta): Promise<ForeignValues> {
  if (target.kind === 'table') return { count: 0, sampleIds: [] };
  const filled = columnList(target.names).map((name) => `i.${reader.dialect.quote(name)} IS NOT NULL`);
  const from = `FROM images i LEFT JOIN ${JOURNAL_TABLE} r ON r.image_id = i.id
    WHERE NOT i.deleted AND r.image_id IS NULL AND (${filled.join(' OR ')})`;
  const [row] = await reader.query(`SELECT COUNT(*) AS n ${from}`);
  const count = Number(row?.['n'] ?? 0);
  const sample = count === 0 ? [] : await reader.query(`SELECT i.id ${from} ORDER BY i.id LIMIT 5`);
  return { count, sampleIds: sample.map((found) => String(found['id'])) };
}
