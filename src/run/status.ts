import { readCheckpoint, sumCounts, type BatchTotals, type Checkpoint } from '../journal/batches.ts';
import { readGaps } from '../journal/coverage.ts';
import { countByStatus } from '../journal/entries.ts';
import { introspectGlance } from '../glance/introspect.ts';
import { type ScanRange, WHOLE_TABLE } from '../glance/tables/scan-order.ts';
import { isHeld, readLeases, type LeaseRecord } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { countPending } from '../journal/pending.ts';
import { listRuns, type RunRecord } from '../journal/runs.ts';
import { LEASE_TABLE } from '../journal/tables.ts';
import type { Database } from '../db/database.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import { findMeta } from './preflight.ts';

export interface RunStatus {
  readonly run: RunRecord;
  readonly totals: BatchTotals;
  readonly checkpoint: Checkpoint;
  /** Parts of the table that the first pass has not covered; the last one has no end, because rows may be added. */
  readonly gaps: readonly ScanRange[];
}

/** Everything that status shows. */
export type Status =
  | { readonly kind: 'not-expanded' }
  | { readonly kind: 'interrupted'; readonly meta: JournalMeta }
  | {
      readonly kind: 'expanded';
      readonly meta: JournalMeta;
      /** Leases held now: one on everything, or any number on shards. */
      readonly leases: readonly LeaseRecord[];
      /** Oldest first. */
      readonly runs: readonly RunStatus[];
      /** Journal rows by status, over all runs: what is stored now. */
      readonly stored: Readonly<Record<DecisionStatus, number>>;
      /**
       * Live images that migrate has not written: no journal row, or a legacy tuple or status other than the one
       * decided on.
       */
      readonly unsettled: number;
    };

/** Reads the state of the migration. Writes nothing and needs SELECT alone. */
export async function readStatus(reader: Database): Promise<Status> {
  const meta = await findMeta(reader);
  if (meta === null) {
    return { kind: 'not-expanded' };
  }
  const tables = await reader.dialect.listTables(reader);
  if (meta.state !== 'expanded' || !tables.includes(LEASE_TABLE)) {
    return { kind: 'interrupted', meta };
  }
  const schema = await introspectGlance(reader);
  const runs: RunStatus[] = [];
  for (const run of await listRuns(reader)) {
    runs.push({
      run,
      totals: await sumCounts(reader, run.id),
      checkpoint: await readCheckpoint(reader, run.id),
      gaps: await readGaps(reader, schema, run.id, WHOLE_TABLE),
    });
  }
  return {
    kind: 'expanded',
    meta,
    leases: (await readLeases(reader, reader.dialect.nowMs)).filter(isHeld),
    runs,
    stored: await countByStatus(reader),
    unsettled: await countPending(reader),
  };
}
