import type { Executor, SqlValue } from '../db/database.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import { bindPosition, type ScanRange } from '../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import { BATCHES_TABLE } from './tables.ts';

/**
 * What the first pass of a run has not settled yet, within a part of the table, in scan order. Batches are committed side by side, so
 * what is settled may have gaps; each batch says where it begins and ends, and a gap is where one does not begin at the end of
 * another. Nothing else is remembered of how the table was shared out: lanes and shards may come and go.
 *
 * @returns ranges, the last one open where `within` is; empty where all is settled. An open end is never settled: rows may come.
 */
export async function readGaps(
  executor: Executor,
  schema: GlanceSchema,
  runId: number,
  within: ScanRange,
): Promise<readonly ScanRange[]> {
  const conditions = ['run_id = ?', 'pass = 1', 'until_key IS NOT NULL'];
  const bindings: SqlValue[] = [];
  // The database compares positions; here they are only told apart.
  const flags = (sql: string, position: string | null): string => {
    if (position === null) return '0';
    bindings.push(bindPosition(schema, position));
    return `CASE WHEN ${sql} THEN 1 ELSE 0 END`;
  };
  const begun = flags('after_key IS NULL OR after_key <= ?', within.after);
  const ended = flags('until_key >= ?', within.until);
  bindings.push(runId);
  if (within.after !== null) {
    conditions.push('until_key > ?');
    bindings.push(bindPosition(schema, within.after));
  }
  if (within.until !== null) {
    conditions.push('(after_key IS NULL OR after_key < ?)');
    bindings.push(bindPosition(schema, within.until));
  }
  const rows = await executor.query(
    `SELECT after_key, until_key, ${begun} AS begun, ${ended} AS ended FROM ${BATCHES_TABLE}
     WHERE ${conditions.join(' AND ')} ORDER BY until_key`,
    bindings,
  );
  const gaps: ScanRange[] = [];
  let settled = within.after;
  for (const row of rows) {
    const after = keyText(row['after_key']);
    if (after !== settled && Number(row['begun']) === 0) gaps.push({ after: settled, until: after });
    settled = keyText(row['until_key']);
    if (Number(row['ended']) === 1) return gaps;
  }
  gaps.push({ after: settled, until: within.until });
  return gaps;
}

/** What lies beside the gaps of a part of the table: what batches have settled. @param gaps as `readGaps` tells them of `within`. */
export function settledBeside(within: ScanRange, gaps: readonly ScanRange[]): readonly ScanRange[] {
  const ranges: ScanRange[] = [];
  let { after } = within;
  for (const gap of gaps) {
    if (gap.after !== after) ranges.push({ after, until: gap.after });
    if (gap.until === null) return ranges;
    after = gap.until;
  }
  if (gaps.length === 0 || after !== within.until) ranges.push({ after, until: within.until });
  return ranges;
}

/** Takes the first pass of a run as not begun: positions no longer mean what they did. Results and journal stay; they are compared. */
export async function forgetCoverage(executor: Executor, runId: number): Promise<void> {
  await executor.execute(`UPDATE ${BATCHES_TABLE} SET pass = 0 WHERE run_id = ? AND pass = 1`, [runId]);
}

export interface WantedParts {
  /** So many at least. */
  readonly parts: number;
  /** Batches of a part, at most. */
  readonly batches: number;
}

/**
 * Cuts a part of the table at the ends of batches, into parts of about as many batches each; fewer parts, or one, where there are too
 * few batches to cut at. Reads one small row a batch.
 */
export async function cutAtBatches(
  executor: Executor,
  schema: GlanceSchema,
  runId: number,
  { after, until }: ScanRange,
  wanted: WantedParts,
): Promise<readonly ScanRange[]> {
  const conditions = [...(after === null ? [] : ['until_key > ?']), ...(until === null ? [] : ['until_key < ?'])].map(
    (condition) => ` AND ${condition}`,
  );
  const bindings = [
    runId,
    ...[after, until].flatMap((position) => (position === null ? [] : [bindPosition(schema, position)])),
  ];
  const ends = await executor.query(
    `SELECT DISTINCT until_key FROM ${BATCHES_TABLE}
     WHERE run_id = ? AND pass = 1 AND until_key IS NOT NULL${conditions.join('')} ORDER BY until_key`,
    bindings,
  );
  const parts = Math.min(ends.length, Math.max(wanted.parts, Math.ceil(ends.length / wanted.batches)));
  const cuts: (string | null)[] = [];
  for (let part = 1; part < parts; part += 1)
    cuts.push(keyText(ends[Math.floor((ends.length * part) / parts)]?.['until_key']));
  return [after, ...cuts].map((start, index) => ({ after: start, until: [...cuts, until][index] ?? null }));
}
