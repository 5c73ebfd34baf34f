import type { Executor, StatementBuilder } from '../db/executor.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import { bindPosition, type ScanRange } from '../glance/tables/scan-order.ts';
import { type GlanceSchema } from '../glance/tables/schema.ts';
import { BATCHES_TABLE } from './tables.ts';

/**
 * The parts of the table, within a range, that no batch of a run's first pass has committed yet, in scan order. Batches
 * are committed side by side, so committed parts may have gaps between them: each batch records where it begins and
 * ends, and a gap is where one does not begin at the end of another. Nothing else records how the table was divided, so
 * the number of lanes and shards may change.
 *
 * @returns ranges, the last one open where `within` is; empty where everything is committed. An open end never is: rows
 *   may be added.
 */
export async function readGaps(
  executor: Executor,
  schema: GlanceSchema,
  runId: number,
  within: ScanRange,
): Promise<readonly ScanRange[]> {
  const { after, until } = boundPositions(schema, within);
  const rows = await executor.query((knex) => {
    // The database compares positions; here they are only checked for being equal.
    const flag = (name: string, sql: string, position: Bound) =>
      position === null
        ? knex.raw(`0 AS ${name}`)
        : knex.raw(`CASE WHEN ${sql} THEN 1 ELSE 0 END AS ${name}`, [position]);
    const begun = flag('begun', 'after_key IS NULL OR after_key <= ?', after);
    const ended = flag('ended', 'until_key >= ?', until);
    const ranges = firstPass(knex, runId).select('after_key', 'until_key', begun, ended);
    if (after !== null) void ranges.where('until_key', '>', after);
    if (until !== null) {
      void ranges.where((begins) => {
        void begins.whereNull('after_key').orWhere('after_key', '<', until);
      });
    }
    return ranges.orderBy('until_key');
  });
  const gaps: ScanRange[] = [];
  let committed = within.after;
  for (const row of rows) {
    const begin = keyText(row['after_key']);
    if (begin !== committed && Number(row['begun']) === 0) gaps.push({ after: committed, until: begin });
    committed = keyText(row['until_key']);
    if (Number(row['ended']) === 1) return gaps;
  }
  gaps.push({ after: committed, until: within.until });
  return gaps;
}

function firstPass(knex: StatementBuilder, runId: number) {
  return knex(BATCHES_TABLE).where({ run_id: runId, pass: 1 }).whereNotNull('until_key');
}

/** knex's types know no bigint, but it hands one on to the driver. */
type Bound = string | null;

function boundPositions(
  schema: GlanceSchema,
  { after, until }: ScanRange,
): { readonly after: Bound; readonly until: Bound } {
  const bound = (position: string | null): Bound =>
    position === null ? null : (bindPosition(schema, position) as string);
  return { after: bound(after), until: bound(until) };
}

/** What is committed within a range: all of it but the gaps. @param gaps as `readGaps` returns them for `within`. */
export function committedBeside(within: ScanRange, gaps: readonly ScanRange[]): readonly ScanRange[] {
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

/**
 * Marks the first pass of a run as not begun, because positions no longer mean what they did. Results and journal stay
 * and are compared again.
 */
export async function forgetCoverage(executor: Executor, runId: number): Promise<void> {
  await executor.execute((knex) => knex(BATCHES_TABLE).where({ run_id: runId, pass: 1 }).update({ pass: 0 }));
}
