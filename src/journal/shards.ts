import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import type { DriverRow, Executor, SqlValue } from '../db/database.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import { bindPosition, positionColumn, type ScanRange, WHOLE_TABLE } from '../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import type { Shard } from './lease.ts';
import { isSealed, sealAfter, type SealedColumns, sealOf } from './seal.ts';
import { SHARDS_TABLE } from './tables.ts';

/** `open`: its holder is at work, or died, or has not come yet. `complete`: all of it is settled, tail passes included. */
type ShardState = 'open' | 'complete';

/** One shard of a run with the part of the table that it is for. */
export interface ShardRecord extends Shard {
  readonly range: ScanRange;
  readonly state: ShardState;
}

/** The shards of one cut of a run, in scan order; empty where nobody has made that cut. */
export async function readShards(executor: Executor, runId: number, of: number): Promise<readonly ShardRecord[]> {
  const rows = await executor.query(
    `SELECT shard, after_key, until_key, state FROM ${SHARDS_TABLE} WHERE run_id = ? AND shards = ? ORDER BY shard`,
    [runId, of],
  );
  return rows.map((row) => ({
    shard: Number(row['shard']),
    of,
    range: { after: keyText(row['after_key']), until: keyText(row['until_key']) },
    state: row['state'] === 'complete' ? 'complete' : 'open',
  }));
}

/**
 * Cuts the table into parts of equal numbers of rows, once; later ones of the same cut find it as it was made. Where the cuts lie bears on
 * speed alone, so rows that come and go meanwhile do no harm.
 *
 * Call inside a transaction that no other shard's runs beside (`Lease.assertAlone`).
 */
export async function makeShards(executor: Executor, schema: GlanceSchema, runId: number, of: number): Promise<void> {
  const [count] = await executor.query('SELECT COUNT(*) AS total FROM images', [], LONG_READ_LIMITS);
  const rows = Math.max(1, Math.floor(Number(count?.['total'] ?? 0) / of));
  const insert = async (shard: number, { after, until }: ScanRange, state: ShardState): Promise<unknown> => {
    const bound = (position: string | null): SqlValue => (position === null ? null : bindPosition(schema, position));
    const row = { run_id: runId, shards: of, shard, after_key: bound(after), until_key: bound(until), state };
    return executor.execute(
      `INSERT INTO ${SHARDS_TABLE} (run_id, shards, shard, after_key, until_key, state, seal) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [...Object.values(row), sealOf(SEALED, row)],
    );
  };
  let after: string | null = null;
  for (let shard = 1; shard <= of; shard += 1) {
    const until: string | null = shard === of ? null : await nthPosition(executor, schema, after, rows);
    await insert(shard, { after, until }, 'open');
    after = until;
    if (until === null) {
      // The table is at its end: what comes beyond it belongs to this shard, and there is nothing for the others.
      for (let idle = shard + 1; idle <= of; idle += 1) await insert(idle, WHOLE_TABLE, 'complete');
      return;
    }
  }
}

/** The position of the n-th row behind another; null where there are fewer. */
async function nthPosition(
  executor: Executor,
  schema: GlanceSchema,
  after: string | null,
  rows: number,
): Promise<string | null> {
  const position = positionColumn(schema, 'i');
  const where = after === null ? '' : `WHERE ${position} > ?`;
  const [row] = await executor.query(
    `SELECT ${position} AS position FROM images i ${where} ORDER BY ${position} LIMIT 1 OFFSET ${rows - 1}`,
    after === null ? [] : [bindPosition(schema, after)],
    LONG_READ_LIMITS,
  );
  return row === undefined ? null : keyText(row['position']);
}

export async function completeShard(executor: Executor, runId: number, { shard, of }: Shard): Promise<void> {
  const own = 'WHERE run_id = ? AND shards = ? AND shard = ?';
  const [row] = await executor.query(`SELECT * FROM ${SHARDS_TABLE} ${own}`, [runId, of, shard]);
  if (row === undefined) return;
  const state = 'complete' satisfies ShardState;
  await executor.execute(`UPDATE ${SHARDS_TABLE} SET state = ?, seal = ? ${own}`, [
    state,
    sealAfter(SEALED, row, { state }),
    runId,
    of,
    shard,
  ]);
}

/** Whether another hand changed a row of retype_shards. */
export function isShardAltered(row: DriverRow): boolean {
  return !isSealed(SEALED, row);
}

const SEALED: SealedColumns = {
  table: SHARDS_TABLE,
  numbers: ['run_id', 'shards', 'shard'],
  texts: ['after_key', 'until_key', 'state'],
};
