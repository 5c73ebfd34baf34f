import type { Database, DriverRow, Executor } from '../db/database.ts';
import { RetypeError } from '../model/error.ts';
import { LEASE_TABLE } from './tables.ts';

/** How long a lease lasts after its last sign of life, milliseconds by the server's clock. */
export const LEASE_MS = 30_000;

/** Who asks for the lease. */
export interface LeaseHolder {
  /** uuid of this invocation. */
  readonly owner: string;
  readonly host: string;
  /** Identifies one process on one boot of one machine; see `commands/process-identity.ts`. */
  readonly process: string;
  /** The command, for the message the other side reads. */
  readonly purpose: string;
}

/** One of the equal parts that a run is cut into. */
export interface Shard {
  /** From 1 to `of`. */
  readonly shard: number;
  /** From 1 on. */
  readonly of: number;
}

/** What a lease is for: everything, or one shard beside whose holder those of the others work. */
export type LeaseScope = { readonly kind: 'whole' } | ({ readonly kind: 'shard' } & Shard);

export const WHOLE: LeaseScope = { kind: 'whole' };

/** What stands in one row of retype_lease. */
export interface LeaseRecord {
  /** null: the lease on everything. */
  readonly shard: Shard | null;
  readonly owner: string | null;
  readonly host: string | null;
  readonly process: string | null;
  readonly purpose: string | null;
  readonly epoch: bigint;
  /** Milliseconds until it runs out, by the server's clock; not positive once it has. */
  readonly remainingMs: number;
}

/**
 * A held lease. The epoch fences: every batch asserts it inside its own transaction, so a runner that was presumed dead and
 * comes back finds zero rows matched and rolls back. No lock function of the database server is used; on Galera none is safe.
 */
export interface Lease {
  readonly epoch: bigint;
  readonly scope: LeaseScope;
  /**
   * Asserts ownership inside a transaction; nobody can take the lease over until that has ended.
   * @throws RetypeError LEASE_LOST when somebody else took over.
   */
  assertHeld(trx: Executor): Promise<void>;
  /**
   * The same, and makes the holders of all shards take turns until the transaction has ended: for what belongs to the whole run.
   * @throws RetypeError LEASE_LOST.
   */
  assertAlone(trx: Executor): Promise<void>;
  /** Extends the lease; often enough that it does not run out while its holder lives. */
  extend(): Promise<void>;
  /** Gives the lease back; harmless when it was lost. */
  release(): Promise<void>;
}

/** Whether somebody holds the lease now. */
export function isHeld({ owner, remainingMs }: LeaseRecord): boolean {
  return owner !== null && remainingMs > 0;
}

/** All leases there are, the one on everything first; empty where expand has not made that one. */
export async function readLeases(executor: Executor, nowMs: string): Promise<readonly LeaseRecord[]> {
  const rows = await executor.query(`SELECT l.*, ${nowMs} AS now_ms FROM ${LEASE_TABLE} l ORDER BY id`);
  const cut = Number(rows[0]?.['shards'] ?? 0);
  // Rows beyond the cut are of an earlier one; nobody holds them.
  return rows.map((row) => toLease(row, cut)).filter(({ shard }) => shard === null || shard.shard <= cut);
}

/** Makes the row for the lease on everything, free. */
export async function insertLease(executor: Executor): Promise<void> {
  await executor.execute(
    `INSERT INTO ${LEASE_TABLE} (id, shards, epoch, heartbeat_ms, expires_ms) VALUES (${GATE}, 0, 0, 0, 0)`,
  );
}

/** The row of the lease on everything. Whoever takes any lease changes it, so that two who come at once cannot both succeed. */
export const GATE = 1;

/** The row of a lease. */
export function leaseRow(scope: LeaseScope): number {
  return scope.kind === 'whole' ? GATE : GATE + scope.shard;
}

/** A lease that was taken. */
export function heldLease(database: Database, owner: string, scope: LeaseScope, epoch: bigint): Lease {
  const { nowMs, sharedLock } = database.dialect;
  const row = leaseRow(scope);
  const own = 'id = ? AND owner = ? AND epoch = ?';
  const mine = [row, owner, epoch];
  const prolong = async (executor: Executor): Promise<number> =>
    executor.execute(
      `UPDATE ${LEASE_TABLE} SET heartbeat_ms = ${nowMs}, expires_ms = ${nowMs} + ${LEASE_MS} WHERE ${own}`,
      mine,
    );
  const assertHeld = async (executor: Executor): Promise<void> => {
    // A write would make the lanes of one process wait for each other.
    const matched =
      sharedLock === null
        ? await prolong(executor)
        : (await executor.query(`SELECT id FROM ${LEASE_TABLE} WHERE ${own}${sharedLock}`, mine)).length;
    if (matched !== 1) throw lost(epoch);
  };
  return {
    epoch,
    scope,
    assertHeld,
    assertAlone: async (trx) => {
      await trx.execute(`UPDATE ${LEASE_TABLE} SET heartbeat_ms = ${nowMs} WHERE id = ${GATE}`);
      if ((await prolong(trx)) !== 1) throw lost(epoch);
    },
    extend: async () => {
      if ((await prolong(database)) !== 1) throw lost(epoch);
    },
    release: async () => {
      await database.execute(
        `UPDATE ${LEASE_TABLE} SET owner = NULL, host = NULL, process = NULL, purpose = NULL, expires_ms = 0 WHERE ${own}`,
        mine,
      );
    },
  };
}

function lost(epoch: bigint): RetypeError {
  return new RetypeError('LEASE_LOST', [
    {
      place: LEASE_TABLE,
      expected: `epoch ${epoch}, held by this process`,
      found: 'another holder or epoch',
      advice: 'see who works with `glance-retype status`; this process stops and has rolled its batch back',
    },
  ]);
}

function toLease(row: DriverRow, cut: number): LeaseRecord {
  const word = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const id = Number(row['id']);
  return {
    shard: id === GATE ? null : { shard: id - GATE, of: cut },
    owner: word(row['owner']),
    host: word(row['host']),
    process: word(row['process']),
    purpose: word(row['purpose']),
    epoch: BigInt(String(row['epoch'])),
    remainingMs: Number(row['expires_ms']) - Number(row['now_ms']),
  };
}
