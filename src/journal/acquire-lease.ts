import { setTimeout as sleep } from 'node:timers/promises';

import type { Database, Executor } from '../db/database.ts';
import { backOff } from '../db/retry.ts';
import { RetypeError } from '../model/error.ts';
import {
  GATE,
  heldLease,
  isHeld,
  LEASE_MS,
  type Lease,
  type LeaseHolder,
  type LeaseRecord,
  leaseRow,
  type LeaseScope,
  readLeases,
  WHOLE,
} from './lease.ts';
import { LEASE_TABLE } from './tables.ts';

/** Others may take leases at the same moment; each try reads anew. */
const ATTEMPTS = 10;

/** Says of a holder whether its process is certainly gone: same machine, same boot, no such process. */
export type IsDead = (host: string, process: string) => boolean;

/**
 * Takes a lease by compare-and-swap. Nobody alive may hold what it overlaps: the lease on everything overlaps all others, and that on a
 * shard overlaps those of another cut. Those that ran out, or whose process is known to be dead, are fenced: their epochs rise in the same
 * transaction. Taking over from a holder that lives after all does no harm.
 *
 * @throws RetypeError LEASE_HELD naming the holder; NOT_EXPANDED.
 */
export async function acquireLease(
  database: Database,
  holder: LeaseHolder,
  isDead: IsDead,
  scope: LeaseScope = WHOLE,
): Promise<Lease> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const epoch = await database.transaction(async (trx) => take(database, trx, { holder, isDead, scope }));
      if (epoch !== null) return heldLease(database, holder.owner, scope, epoch);
    } catch (error) {
      if (error instanceof RetypeError || database.dialect.classify(error) !== 'conflict' || attempt >= ATTEMPTS)
        throw error;
    }
    if (attempt >= ATTEMPTS) throw heldBy((await readLeases(database, database.dialect.nowMs))[0] ?? null);
    await sleep(backOff(attempt, Math.random()));
  }
}

interface Wanted {
  readonly holder: LeaseHolder;
  readonly isDead: IsDead;
  readonly scope: LeaseScope;
}

/** @returns the epoch; null where somebody else was quicker. */
async function take(database: Database, trx: Executor, { holder, isDead, scope }: Wanted): Promise<bigint | null> {
  const { nowMs } = database.dialect;
  const leases = await readLeases(trx, nowMs);
  const [gate] = leases;
  if (gate === undefined || gate.shard !== null) throw notExpanded();
  const own = leases.find(
    ({ shard }) => scope.kind === 'shard' && shard?.shard === scope.shard && shard.of === scope.of,
  );
  const sameCut = scope.kind === 'shard' && (await cutOf(trx)) === scope.of;
  const overlapping = leases.filter((lease) => lease.shard === null || !sameCut || lease === own);
  const holding = overlapping.find((lease) => isHeld(lease) && !isDead(lease.host ?? '', lease.process ?? ''));
  if (holding !== undefined) throw heldBy(holding);

  const cut = scope.kind === 'shard' ? scope.of : 0;
  const entered = await trx.execute(
    `UPDATE ${LEASE_TABLE} SET owner = NULL, host = NULL, process = NULL, purpose = NULL, expires_ms = 0, shards = ?, epoch = ?
     WHERE id = ${GATE} AND epoch = ?`,
    [cut, gate.epoch + 1n, gate.epoch],
  );
  if (entered !== 1) return null;
  // From here on whoever held a shard of another cut, or one shard while everything is taken, finds its epoch gone.
  if (!sameCut) await trx.execute(`DELETE FROM ${LEASE_TABLE} WHERE id > ${GATE}`);
  const row = leaseRow(scope);
  const epoch = gate.epoch + 1n;
  if (row !== GATE) {
    await trx.execute(`DELETE FROM ${LEASE_TABLE} WHERE id = ?`, [row]);
    await trx.execute(
      `INSERT INTO ${LEASE_TABLE} (id, shards, epoch, heartbeat_ms, expires_ms) VALUES (?, 0, ?, 0, 0)`,
      [row, epoch],
    );
  }
  await trx.execute(
    `UPDATE ${LEASE_TABLE} SET owner = ?, host = ?, process = ?, purpose = ?, heartbeat_ms = ${nowMs}, expires_ms = ${nowMs} + ${LEASE_MS}
     WHERE id = ? AND epoch = ?`,
    [holder.owner, holder.host, holder.process, holder.purpose, row, epoch],
  );
  return epoch;
}

/** Into how many shards the last one who took a lease cut the table; 0: not at all. */
async function cutOf(trx: Executor): Promise<number> {
  const [row] = await trx.query(`SELECT shards FROM ${LEASE_TABLE} WHERE id = ${GATE}`);
  return Number(row?.['shards'] ?? 0);
}

function notExpanded(): RetypeError {
  return new RetypeError('NOT_EXPANDED', [
    {
      place: LEASE_TABLE,
      expected: 'one row at least',
      found: 'none: expand was interrupted',
      advice: 'run `glance-retype expand` again; it finishes what is missing',
    },
  ]);
}

function heldBy(record: LeaseRecord | null): RetypeError {
  const seconds = Math.max(1, Math.ceil((record?.remainingMs ?? 1000) / 1000));
  const shard = record?.shard ?? null;
  return new RetypeError('LEASE_HELD', [
    {
      place: LEASE_TABLE,
      expected: 'a free lease',
      found: `${shard === null ? '' : `shard ${shard.shard} of ${shard.of} is `}held for ${record?.purpose ?? 'a run'} by ${record?.host ?? 'an unknown host'}, process ${record?.process ?? 'unknown'}`,
      advice: `wait for it to end; if that process is dead, the lease runs out by itself in ${seconds} s`,
    },
  ]);
}
