import type { MigrateResult } from '../../run/migrate/migrate.ts';
import type { PhaseClock } from '../../run/context/phase-clock.ts';
import { documentHead } from './head.ts';

/** Ids that the document names; the number says how many there are. */
const SAMPLE = 100;

/** The result of migrate as JSON. Keys are only ever added. `next` as for people. */
export function migrateRecord(
  { end, stoppedBy, rows, run, resumed, share, runEnd, totals, written, passes, chasing, foreign }: MigrateResult,
  {
    database,
    clock,
    next,
  }: { readonly database: string; readonly clock: PhaseClock; readonly next: readonly string[] },
) {
  const { shard } = share;
  return {
    ...documentHead(end, { database, exitCode: end === 'stopped' ? 3 : 0, next }),
    stopped_by: stoppedBy,
    run: { id: run.id, state: runEnd.kind, resumed, rules_digest: run.rulesDigest, started_at: run.startedAt },
    shard: shard === null ? null : `${shard.shard}/${shard.of}`,
    shards_left: runEnd.kind === 'open' ? runEnd.left : [],
    rows_done: rows.done,
    rows: rows.total,
    rows_read: totals.rowsRead,
    rows_written: totals.rowsWritten,
    rows_written_now: written,
    batches: totals.batches,
    passes,
    counts: totals.counts,
    left_alone: { count: foreign.length, sample_ids: foreign.slice(0, SAMPLE) },
    still_changing: chasing,
    seconds: clock.seconds(),
  };
}
