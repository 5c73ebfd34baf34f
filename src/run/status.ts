import { latestBatches, readCheckpoint, sumCounts, type BatchTotals, type Checkpoint } from '../journal/batches.ts';
import { readGaps } from '../journal/coverage.ts';
import { countByStatus } from '../journal/entries.ts';
import { introspectGlance } from '../glance/introspect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import { type ScanRange, WHOLE_TABLE } from '../glance/tables/scan-order.ts';
import { isHeld, readLeases, type LeaseRecord } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { countPending } from '../journal/pending.ts';
import { listRuns, type RunRecord } from '../journal/runs.ts';
import { readShards, type ShardRecord } from '../journal/shards.ts';
import { LEASE_TABLE } from '../journal/tables.ts';
import type { Database } from '../db/database.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import { paceOf } from './context/pace-of-batches.ts';
import { countProgress } from './context/count-progress.ts';
import { findMeta } from './preflight.ts';

/** How far the run is that migrate works on, or will go on with. Its first pass only: later passes are short. */
export interface RunProgress {
  readonly run: number;
  /** Rows of images that the first pass has dealt with, and all of them, counted now. */
  readonly done: number;
  readonly total: number;
  /** Of about the last minute that somebody worked; null while nobody does. */
  readonly rowsPerSecond: number | null;
  /** When the latest batch was committed, by the clock of the machine that wrote it; null before the first. */
  readonly lastBatchAt: string | null;
  /** Of the present cut; empty where the run is not cut. */
  readonly shards: readonly (ShardRecord & { readonly done: number; readonly total: number })[];
}

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
      /** Leases whose holders gave no sign of life for so long that the next command takes over. */
      readonly silent: readonly LeaseRecord[];
      /** null where no run is open. */
      readonly progress: RunProgress | null;
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
  const all = await readLeases(reader, reader.dialect.nowMs);
  const leases = all.filter(isHeld);
  const open = runs.findLast(({ run }) => run.state === 'active');
  return {
    kind: 'expanded',
    meta,
    leases,
    silent: all.filter((lease) => lease.owner !== null && !isHeld(lease)),
    progress: open === undefined ? null : await readProgress(reader, schema, open, all),
    runs,
    stored: await countByStatus(reader),
    unsettled: await countPending(reader),
  };
}

/** Batches that are looked at for the pace. */
const LATEST = 1_000;

async function readProgress(
  reader: Database,
  schema: GlanceSchema,
  { run: { id: run }, gaps }: RunStatus,
  leases: readonly LeaseRecord[],
): Promise<RunProgress> {
  const latest = await latestBatches(reader, run, LATEST);
  const cut = leases.find(({ shard }) => shard !== null)?.shard?.of;
  const shards: RunProgress['shards'][number][] = [];
  for (const shard of cut === undefined ? [] : await readShards(reader, run, cut)) {
    const open = shard.state === 'complete' ? [] : await readGaps(reader, schema, run, shard.range);
    shards.push({ ...shard, ...(await countProgress(reader, schema, shard.range, open)) });
  }
  const atWork = leases.some((lease) => isHeld(lease) && lease.purpose === 'migrate');
  return {
    run,
    ...(await countProgress(reader, schema, WHOLE_TABLE, gaps)),
    rowsPerSecond: atWork ? paceOf(latest) : null,
    lastBatchAt: latest[0]?.at ?? null,
    shards,
  };
}
