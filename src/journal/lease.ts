import type { Database, DriverRow, Executor, SqlValue } from '../db/database.ts';
import { RetypeError } from '../model/error.ts';
import { parsed } from './column-text.ts';
import { LEASE_TABLE } from './tables.ts';

/** Milliseconds. */
export interface LeaseTiming {
  /** How long a watching process must see no sign of life of a holder before it takes the lease over. */
  readonly silence: number;
  /**
   * Between two signs of life: far less than `silence`, so that a second process soon knows that the first one is
   * alive.
   */
  readonly beat: number;
  /** Between two looks of a watching process. */
  readonly look: number;
}

export const LEASE_TIMING: LeaseTiming = { silence: 30_000, beat: 2_000, look: 500 };

/** The process that asks for a lease. */
export interface LeaseHolder {
  /** uuid of this invocation. */
  readonly owner: string;
  readonly host: string;
  /** Identifies one process on one boot of one machine; see `commands/session/process-identity.ts`. */
  readonly process: string;
  /** The command, for the message to another process. */
  readonly purpose: string;
}

/** One of the equal parts into which a run is cut. */
export interface Shard {
  /** From 1 to `of`. */
  readonly shard: number;
  /** From 1 on. */
  readonly of: number;
}

/** What a lease covers: everything, or one shard, while other processes hold the others. */
export type LeaseScope = { readonly kind: 'whole' } | ({ readonly kind: 'shard' } & Shard);

export const WHOLE: LeaseScope = { kind: 'whole' };

/** A row of retype_lease. */
export interface LeaseRecord {
  /** null: the lease on everything. */
  readonly shard: Shard | null;
  readonly owner: string | null;
  readonly host: string | null;
  readonly process: string | null;
  readonly purpose: string | null;
  readonly epoch: bigint;
  /** Counts signs of life. Only its changing has a meaning. */
  readonly beats: bigint;
  /** Server sessions of the holder, as `Database.sessions` names them. */
  readonly sessions: readonly string[];
  /**
   * Milliseconds since the last sign of life by the server's clock. For display only: the nodes of a cluster have
   * different clocks.
   */
  readonly silentMs: number;
}

/**
 * A held lease. The epoch fences: every batch asserts it inside its own transaction, so a process that was presumed
 * dead and comes back matches no row and rolls back. No lock function of the database server is used; on Galera none is
 * safe.
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
   * The same, and makes the holders of all shards take turns until the transaction ends: for changes to the whole run.
   * @throws RetypeError LEASE_LOST.
   */
  assertAlone(trx: Executor): Promise<void>;
  /** Gives a sign of life. @throws RetypeError LEASE_LOST. */
  extend(): Promise<void>;
  /** Frees the lease; harmless when it was lost. */
  release(): Promise<void>;
}

/**
 * Whether somebody seems to hold the lease, by the server's clock. For commands that only report it; to take a lease,
 * watch it.
 */
export function isHeld({ owner, silentMs }: LeaseRecord): boolean {
  return owner !== null && silentMs < LEASE_TIMING.silence;
}

/** A row of retype_lease as verify needs it. */
export interface LeaseAccount {
  readonly id: number;
  /** How far the last sign of life is ahead of the server's clock, milliseconds. */
  readonly aheadMs: number;
  /** The columns of the holder that are filled; all four or none. */
  readonly holder: readonly string[];
}

/** All rows of retype_lease, by id. */
export async function leaseAccounts(executor: Executor, nowMs: string): Promise<readonly LeaseAccount[]> {
  return (await leaseRows(executor, nowMs)).map((row) => ({
    id: Number(row['id']),
    aheadMs: Number(row['heartbeat_ms']) - Number(row['now_ms']),
    holder: ['owner', 'host', 'process', 'purpose'].filter((column) => row[column] !== null),
  }));
}

async function leaseRows(executor: Executor, nowMs: string): Promise<readonly DriverRow[]> {
  return executor.query((knex) =>
    knex(LEASE_TABLE)
      .select('*', knex.raw(`${nowMs} AS now_ms`))
      .orderBy('id'),
  );
}

/** All leases, the one on everything first; empty where expand has not created that one. */
export async function readLeases(executor: Executor, nowMs: string): Promise<readonly LeaseRecord[]> {
  const rows = await leaseRows(executor, nowMs);
  const cut = Number(rows[0]?.['shards'] ?? 0);
  // Rows beyond the present cut belong to an earlier one; nobody holds them.
  return rows.map((row) => toLease(row, cut)).filter(({ shard }) => shard === null || shard.shard <= cut);
}

/** Creates the row of the lease on everything, free. */
export async function insertLease(executor: Executor): Promise<void> {
  await executor.execute((knex) => knex(LEASE_TABLE).insert(freeLease(GATE, 0n)));
}

/**
 * The row of the lease on everything. Taking any lease changes it, so that two processes cannot take one at the same
 * time.
 */
export const GATE = 1;

/** The row of a lease. */
export function leaseRow(scope: LeaseScope): number {
  return scope.kind === 'whole' ? GATE : GATE + scope.shard;
}

/** A lease that was taken. @param sessions as its row has them already. */
export function heldLease(
  database: Database,
  owner: string,
  scope: LeaseScope,
  epoch: bigint,
  sessions: string,
): Lease {
  const { nowMs, rowLocks } = database.dialect;
  const own = { id: leaseRow(scope), owner, epoch };
  let written = sessions;
  const beatIn = async (executor: Executor): Promise<number> =>
    executor.execute((knex) =>
      knex(LEASE_TABLE)
        .where(own)
        .increment('beats')
        .update({ heartbeat_ms: knex.raw(nowMs) }),
    );
  const assertHeld = async (executor: Executor): Promise<void> => {
    // A shared lock, because a write would make the lanes of one process wait for each other.
    const matched =
      rowLocks === 'one-node'
        ? await beatIn(executor)
        : (await executor.query((knex) => knex(LEASE_TABLE).select('id').where(own).forShare())).length;
    if (matched !== 1) throw lost(epoch);
  };
  return {
    epoch,
    scope,
    assertHeld,
    assertAlone: async (trx) => {
      await trx.execute((knex) => knex(LEASE_TABLE).where({ id: GATE }).increment('beats'));
      if ((await beatIn(trx)) !== 1) throw lost(epoch);
    },
    extend: async () => {
      const now = sessionsText(database);
      const named =
        now === written ? 0 : await database.execute((knex) => knex(LEASE_TABLE).where(own).update({ sessions: now }));
      if (named === 1) written = now;
      if ((await beatIn(database)) !== 1) throw lost(epoch);
    },
    release: async () => {
      await database.execute((knex) => knex(LEASE_TABLE).where(own).update(NO_HOLDER));
    },
  };
}

/** The columns of a lease that nobody holds. */
export const NO_HOLDER = { owner: null, host: null, process: null, purpose: null, sessions: null };

/** A new row that nobody holds. */
export function freeLease(id: number, epoch: bigint): Readonly<Record<string, SqlValue>> {
  return { id, shards: 0, epoch, beats: 0, heartbeat_ms: 0 };
}

/** The sessions of a database in the form that its lease's row holds. */
export function sessionsText(database: Database): string {
  return JSON.stringify(database.sessions());
}

/**
 * Gives signs of life until stopped. They prevent needless take-overs. A failure is no error, because the data is
 * protected by the lease check inside every batch.
 *
 * @returns stops it, and resolves once no sign of life is under way.
 */
export function keepAlive(lease: Lease, { beat }: LeaseTiming): () => Promise<void> {
  let last: Promise<void> | null = null;
  const timer = setInterval(() => {
    last ??= lease
      .extend()
      .catch(() => undefined)
      .finally(() => {
        last = null;
      });
  }, beat);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await last;
  };
}

function lost(epoch: bigint): RetypeError {
  return new RetypeError('LEASE_LOST', {
    place: LEASE_TABLE,
    expected: `epoch ${epoch}, held by this process`,
    found: 'another holder or epoch',
    advice: 'see who works with `glance-retype status`; this process stops and has rolled its batch back',
  });
}

function toLease(row: DriverRow, cut: number): LeaseRecord {
  const word = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const id = Number(row['id']);
  // A text that is no list was written by another hand; verify reports it.
  const sessions = parsed(row['sessions']);
  return {
    shard: id === GATE ? null : { shard: id - GATE, of: cut },
    owner: word(row['owner']),
    host: word(row['host']),
    process: word(row['process']),
    purpose: word(row['purpose']),
    epoch: BigInt(String(row['epoch'])),
    beats: BigInt(String(row['beats'])),
    sessions: Array.isArray(sessions) ? sessions.map(String) : [],
    silentMs: Number(row['now_ms']) - Number(row['heartbeat_ms']),
  };
}
