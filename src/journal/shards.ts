import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import type { Executor, SqlValue } from '../db/database.ts';
import type { ScanRange } from '../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import { bindPosition, positionColumn, WHOLE_TABLE } from '../glance/tables/scan-order.ts';
import type { Shard } from './lease.ts';
import { isSealed, sealAfter, type SealedColumns, sealOf } from './seal.ts';
import { SHARDS_TABLE } from './tables.ts';

/**
 * `open`: its process is at work, has died, or has not started. `complete`: all of it is done, tail passes included.
 */
type ShardState = 'open' | 'complete';

/** One shard of a run with its part of the table. */
export interface ShardRecord extends Shard {
  readonly range: ScanRange;
  readonly state: ShardState;
}

/** The shards of one cut of a run, in scan order; empty where no process has made that cut. */
export async function readShards(executor: Executor, runId: number, of: number): Promise<readonly ShardRecord[]> {
  const rows = await executor.query((knex) => knex(SHARDS_TABLE).where({ run_id: runId, shards: of }).orderBy('shard'));
  return rows.map((row) => ({
    shard: Number(row['shard']),
    of,
    range: { after: keyText(row['after_key']), until: keyText(row['until_key']) },
    state: row['state'] === 'complete' ? 'complete' : 'open',
  }));
}

/**
 * Cuts the table into parts with equal numbers of rows. This is done once; later processes read the cut. The positions
 * of the cuts only affect speed, so rows that are added or deleted meanwhile do no harm.
 *
 * Call it inside a transaction that no other shard's overlaps (`Lease.assertAlone`).
 */
export async function makeShards(executor: Executor, schema: GlanceSchema, runId: number, of: number): Promise<void> {
  const [count] = await executor.query('SELECT COUNT(*) AS total FROM images', [], LONG_READ_LIMITS);
  const rows = Math.max(1, Math.floor(Number(count?.['total'] ?? 0) / of));
  const insert = async (shard: number, { after, until }: ScanRange, state: ShardState): Promise<unknown> => {
    const bound = (position: string | null): SqlValue => (position === null ? null : bindPosition(schema, position));
    const row = { run_id: runId, shards: of, shard, after_key: bound(after), until_key: bound(until), state };
    return executor.execute((knex) => knex(SHARDS_TABLE).insert({ ...row, seal: sealOf(SEALED, row) }));
  };
  let after: string | null = null;
  for (let shard = 1; shard <= of; shard += 1) {
    const until: string | null = shard === of ? null : await nthPosition(executor, schema, after, rows);
    await insert(shard, { after, until }, 'open');
    after = until;
    if (until === null) {
      // The table ends here. New rows beyond its end belong to this shard, and nothing is left for the others.
      for (let idle = shard + 1; idle <= of; idle += 1) await insert(idle, WHOLE_TABLE, 'complete');
      return;
    }
  }
}

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
  const own = { run_id: runId, shards: of, shard };
  const [row] = await executor.query((knex) => knex(SHARDS_TABLE).where(own));
  if (row === undefined) return;
  const change = { state: 'complete' satisfies ShardState };
  const seal = sealAfter(SEALED, row, change);
  await executor.execute((knex) =>
    knex(SHARDS_TABLE)
      .where(own)
      .update({ ...change, seal }),
  );
}

/** A row of retype_shards as verify needs it. */
export interface ShardAccount extends Shard {
  readonly runId: number;
  readonly state: string;
  /** `altered`: another hand changed the row. */
  readonly integrity: 'intact' | 'altered';
}

/** The shards of all runs and cuts. */
export async function shardAccounts(executor: Executor): Promise<readonly ShardAccount[]> {
  const rows = await executor.query((knex) => knex(SHARDS_TABLE).orderBy(['run_id', 'shards', 'shard']));
  return rows.map((row) => ({
    runId: Number(row['run_id']),
    shard: Number(row['shard']),
    of: Number(row['shards']),
    state: String(row['state']),
    integrity: isSealed(SEALED, row) ? 'intact' : 'altered',
  }));
}

const SEALED: SealedColumns = {
  table: SHARDS_TABLE,
  numbers: ['run_id', 'shards', 'shard'],
  texts: ['after_key', 'until_key', 'state'],
};
