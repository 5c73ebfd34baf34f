import { readCheckpoint, sumCounts, type BatchTotals, type Checkpoint } from '../journal/batches.ts';
import { isHeld, readLease, type LeaseRecord } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { listRuns, type RunRecord } from '../journal/runs.ts';
import { IMAGES_TABLE, LEASE_TABLE } from '../journal/tables.ts';
import type { Database } from '../db/database.ts';
import { DECISION_STATUSES, type DecisionStatus } from '../model/vocabulary.ts';
import { findMeta } from './preflight.ts';
import { unsettledCondition } from './tail-pass.ts';

export interface RunStatus {
  readonly run: RunRecord;
  readonly totals: BatchTotals;
  readonly checkpoint: Checkpoint;
}

/** Everything that status shows. */
export type Status =
  | { readonly kind: 'not-expanded' }
  | { readonly kind: 'interrupted'; readonly meta: JournalMeta }
  | {
      readonly kind: 'expanded';
      readonly meta: JournalMeta;
      /** null when nobody holds it (or it ran out). */
      readonly lease: LeaseRecord | null;
      /** Oldest first. */
      readonly runs: readonly RunStatus[];
      /** Journal rows by status: what is stored now, over all runs. */
      readonly stored: Readonly<Record<DecisionStatus, number>>;
      /** Live images that migrate has not settled: no journal row, or another legacy tuple or status than decided on. */
      readonly unsettled: number;
    };

/** Reads where things stand; writes nothing and needs SELECT alone. */
export async function readStatus(reader: Database): Promise<Status> {
  const meta = await findMeta(reader);
  if (meta === null) {
    return { kind: 'not-expanded' };
  }
  const tables = await reader.dialect.listTables(reader);
  if (meta.state !== 'expanded' || !tables.includes(LEASE_TABLE)) {
    return { kind: 'interrupted', meta };
  }
  const runs: RunStatus[] = [];
  for (const run of await listRuns(reader)) {
    runs.push({ run, totals: await sumCounts(reader, run.id), checkpoint: await readCheckpoint(reader, run.id) });
  }
  const lease = await readLease(reader);
  const stored: Record<DecisionStatus, number> = {
    exact: 0,
    inferred: 0,
    ambiguous: 0,
    unmappable: 0,
    'not-applicable': 0,
  };
  for (const row of await reader.query(`SELECT status, COUNT(*) AS n FROM ${IMAGES_TABLE} GROUP BY status`)) {
    const status = DECISION_STATUSES.find((word) => word === row['status']);
    if (status !== undefined) {
      stored[status] = Number(row['n']);
    }
  }
  const [left] = await reader.query(
    `SELECT COUNT(*) AS n FROM images i LEFT JOIN ${IMAGES_TABLE} r ON r.image_id = i.id WHERE NOT i.deleted AND (${unsettledCondition(reader)})`,
  );
  return {
    kind: 'expanded',
    meta,
    lease: lease !== null && isHeld(lease) ? lease : null,
    runs,
    stored,
    unsettled: Number(left?.['n'] ?? 0),
  };
}
