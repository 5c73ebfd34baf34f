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

/** What stands in retype_lease. */
export interface LeaseRecord {
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
 * comes back finds zero rows matched and rolls back. No lock of the database server is used; on Galera none is safe.
 */
export interface Lease {
  readonly epoch: bigint;
  /**
   * Re-asserts ownership inside a batch transaction and extends the lease.
   * @throws RetypeError LEASE_LOST when somebody else took over.
   */
  assertHeld(trx: Executor): Promise<void>;
  /** Extends the lease between batches, while something long is read. */
  extend(): Promise<void>;
  /** Gives the lease back; harmless when it was lost. */
  release(): Promise<void>;
}

/** Whether somebody holds the lease now. */
export function isHeld({ owner, remainingMs }: LeaseRecord): boolean {
  return owner !== null && remainingMs > 0;
}

/** Reads the lease row; null where expand has not made it. */
export async function readLease(database: Database): Promise<LeaseRecord | null> {
  const [row] = await database.query(
    `SELECT l.*, ${database.dialect.nowMs} AS now_ms FROM ${LEASE_TABLE} l WHERE id = 1`,
  );
  return row === undefined ? null : toLease(row);
}

/** Makes the one lease row, free. */
export async function insertLease(executor: Executor): Promise<void> {
  await executor.execute(`INSERT INTO ${LEASE_TABLE} (id, epoch, heartbeat_ms, expires_ms) VALUES (1, 0, 0, 0)`);
}

/**
 * Takes the lease by compare-and-swap: it must be free, run out, or held by a process that is known to be dead.
 *
 * @param isDead says of a holder whether its process is certainly gone (same machine, same boot, no such process). Taking over
 *   from a holder that lives after all does no harm: the epoch fences it.
 * @throws RetypeError LEASE_HELD naming the holder.
 */
export async function acquireLease(
  database: Database,
  holder: LeaseHolder,
  isDead: (host: string, process: string) => boolean,
): Promise<Lease> {
  const now = database.dialect.nowMs;
  const current = await readLease(database);
  if (current === null) {
    throw new RetypeError('NOT_EXPANDED', [
      {
        place: LEASE_TABLE,
        expected: 'one row',
        found: 'none: expand was interrupted',
        advice: 'run `glance-retype expand` again; it finishes what is missing',
      },
    ]);
  }
  const free = current.owner === null || current.remainingMs <= 0;
  if (!free && !isDead(current.host ?? '', current.process ?? '')) {
    throw heldBy(current);
  }
  const matched = await database.execute(
    `UPDATE ${LEASE_TABLE} SET owner = ?, host = ?, process = ?, purpose = ?, epoch = ?, heartbeat_ms = ${now}, expires_ms = ${now} + ${LEASE_MS}
     WHERE id = 1 AND epoch = ?`,
    [holder.owner, holder.host, holder.process, holder.purpose, current.epoch + 1n, current.epoch],
  );
  if (matched !== 1) {
    throw heldBy((await readLease(database)) ?? current);
  }
  return heldLease(database, holder, current.epoch + 1n);
}

function heldLease(database: Database, holder: LeaseHolder, epoch: bigint): Lease {
  const now = database.dialect.nowMs;
  const assertHeld = async (executor: Executor): Promise<void> => {
    const matched = await executor.execute(
      `UPDATE ${LEASE_TABLE} SET heartbeat_ms = ${now}, expires_ms = ${now} + ${LEASE_MS} WHERE id = 1 AND owner = ? AND epoch = ?`,
      [holder.owner, epoch],
    );
    if (matched !== 1) {
      throw new RetypeError('LEASE_LOST', [
        {
          place: LEASE_TABLE,
          expected: `epoch ${epoch}, held by this process`,
          found: 'another holder or epoch',
          advice: 'see who works with `glance-retype status`; this process stops and has rolled its batch back',
        },
      ]);
    }
  };
  return {
    epoch,
    assertHeld,
    extend: async () => assertHeld(database),
    release: async () => {
      await database.execute(
        `UPDATE ${LEASE_TABLE} SET owner = NULL, host = NULL, process = NULL, purpose = NULL, expires_ms = 0 WHERE id = 1 AND owner = ? AND epoch = ?`,
        [holder.owner, epoch],
      );
    },
  };
}

function heldBy(record: LeaseRecord): RetypeError {
  const seconds = Math.max(1, Math.ceil(record.remainingMs / 1000));
  return new RetypeError('LEASE_HELD', [
    {
      place: LEASE_TABLE,
      expected: 'a free lease',
      found: `held for ${record.purpose ?? 'a run'} by ${record.host ?? 'an unknown host'}, process ${record.process ?? 'unknown'}`,
      advice: `wait for it to end; if that process is dead, the lease runs out by itself in ${seconds} s`,
    },
  ]);
}

function toLease(row: DriverRow): LeaseRecord {
  const word = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    owner: word(row['owner']),
    host: word(row['host']),
    process: word(row['process']),
    purpose: word(row['purpose']),
    epoch: BigInt(String(row['epoch'])),
    remainingMs: Number(row['expires_ms']) - Number(row['now_ms']),
  };
}
