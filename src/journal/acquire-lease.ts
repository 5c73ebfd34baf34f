import { setTimeout as sleep } from 'node:timers/promises';

import type { LeaseRecord, Lease, LeaseHolder, LeaseScope, LeaseTiming } from './lease.ts';
import {
  freeLease,
  GATE,
  heldLease,
  LEASE_TIMING,
  leaseRow,
  NO_HOLDER,
  readLeases,
  sessionsText,
  WHOLE,
} from './lease.ts';
import type { Database, Executor } from '../db/database.ts';
import { retryBudget, RUN_BUDGET_MS } from '../db/transaction/retry.ts';
import { RetypeError } from '../model/error.ts';
import { LEASE_TABLE } from './tables.ts';

/** Whether a holder's process has certainly ended: same machine, same boot, no such process. */
export type IsDead = (host: string, process: string) => boolean;

/** How to watch a holder that may be alive or dead. */
export interface Watching {
  readonly timing: LeaseTiming;
  /** Called when the watch over a holder begins. */
  readonly onWatch: (text: string) => unknown;
  /** Asked between two looks; true ends the wait. */
  readonly interrupted: () => boolean;
}

const UNATTENDED: Watching = { timing: LEASE_TIMING, onWatch: () => {}, interrupted: () => false };

/**
 * Takes a lease by compare-and-swap, unless a live process holds one that overlaps it: the lease on everything overlaps
 * all others, and a shard's lease overlaps those of another cut. A holder that may be alive is watched until it gives a
 * sign of life, or has given none for as long as a lease lasts; no transaction is open meanwhile. Dead holders are
 * fenced: their server sessions are ended where the account may, because they may hold locks on the lease's row, and
 * the transaction that takes the lease raises the epoch. A take-over from a holder that is alive after all does no
 * harm.
 *
 * Failures that may pass are waited for. Where the reply to COMMIT was lost, the next look finds that the caller holds
 * the lease.
 *
 * @throws RetypeError LEASE_HELD naming the holder; LEASE_WAIT_STOPPED; NOT_EXPANDED; driver errors unchanged.
 */
export async function acquireLease(
  database: Database,
  holder: LeaseHolder,
  isDead: IsDead,
  scope: LeaseScope = WHOLE,
  { timing, onWatch, interrupted }: Watching = UNATTENDED,
): Promise<Lease> {
  const watch = createLeaseWatch(timing.silence, ({ host, process }) => isDead(host ?? '', process ?? ''));
  const sessions = sessionsText(database);
  let budget = retryBudget(RUN_BUDGET_MS);
  for (;;) {
    try {
      const situation = situationOf(await readLeases(database, database.dialect.nowMs), scope);
      const own = situation.holding.find(({ owner }) => owner === holder.owner);
      if (own !== undefined) return heldLease(database, holder.owner, scope, own.epoch, sessions);
      const seen = watch(situation.holding, performance.now());
      if (seen.kind === 'alive') throw heldBy(seen.holder);
      if (seen.kind === 'unknown') {
        if (seen.since === 'now')
          onWatch(`waiting to see whether ${describe(seen.holder)} is alive, up to ${timing.silence / 1000} s`);
        if (interrupted()) throw stoppedWaiting(seen.holder);
        budget = retryBudget(RUN_BUDGET_MS);
        await sleep(timing.look);
        continue;
      }
      await database.dialect.endSessions(
        database,
        situation.holding.flatMap((lease) => lease.sessions),
      );
      const epoch = await database.transaction(async (trx) =>
        take(database, trx, { holder, scope, sessions, situation }),
      );
      if (epoch !== null) return heldLease(database, holder.owner, scope, epoch, sessions);
      const pause = budget.next('conflict', performance.now(), Math.random());
      if (pause === null) throw heldBy(situation.gate);
      await sleep(pause.milliseconds);
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const pause = budget.next(database.dialect.classify(error), performance.now(), Math.random());
      if (pause === null) throw error;
      await sleep(pause.milliseconds);
    }
  }
}

interface LeaseSituation {
  readonly gate: LeaseRecord;
  /** Whether the present leases divide the table into as many shards as the wanted one. */
  readonly cut: 'same' | 'other';
  /** Leases that somebody holds and that overlap the wanted one. */
  readonly holding: readonly LeaseRecord[];
}

function situationOf(leases: readonly LeaseRecord[], scope: LeaseScope): LeaseSituation {
  const [gate] = leases;
  if (gate === undefined || gate.shard !== null) throw notExpanded();
  const same = scope.kind === 'shard' && leases.some(({ shard }) => shard?.of === scope.of);
  const overlaps = ({ shard }: LeaseRecord): boolean =>
    shard === null || !same || (scope.kind === 'shard' && shard.shard === scope.shard);
  return {
    gate,
    cut: same ? 'same' : 'other',
    holding: leases.filter((lease) => lease.owner !== null && overlaps(lease)),
  };
}

interface Taking {
  readonly holder: LeaseHolder;
  readonly scope: LeaseScope;
  readonly sessions: string;
  /** As it was when its holders were found dead. */
  readonly situation: LeaseSituation;
}

/** @returns the epoch; null where another process was faster, or a holder gave a sign of life. */
async function take(
  database: Database,
  trx: Executor,
  { holder, scope, sessions, situation }: Taking,
): Promise<bigint | null> {
  const { nowMs } = database.dialect;
  const { gate, cut, holding } = situationOf(await readLeases(trx, nowMs), scope);
  if (gate.epoch !== situation.gate.epoch || lives(holding) !== lives(situation.holding)) return null;
  const epoch = gate.epoch + 1n;
  const shards = scope.kind === 'shard' ? scope.of : 0;
  const entered = await trx.execute((knex) =>
    knex(LEASE_TABLE)
      .where({ id: GATE, epoch: gate.epoch })
      .update({ ...NO_HOLDER, shards, epoch }),
  );
  if (entered !== 1) return null;
  // From here on a holder of a shard of another cut, or of any shard where everything is taken, finds its epoch gone.
  if (cut === 'other') await trx.execute((knex) => knex(LEASE_TABLE).where('id', '>', GATE).del());
  const row = leaseRow(scope);
  if (row !== GATE) {
    await trx.execute((knex) => knex(LEASE_TABLE).where({ id: row }).del());
    await trx.execute((knex) => knex(LEASE_TABLE).insert(freeLease(row, epoch)));
  }
  const { owner, host, process, purpose } = holder;
  await trx.execute((knex) =>
    knex(LEASE_TABLE)
      .where({ id: row, epoch })
      .increment('beats')
      .update({ owner, host, process, purpose, sessions, heartbeat_ms: knex.raw(nowMs) }),
  );
  return epoch;
}

/** A text that stays the same while no holder changes or gives a sign of life. */
function lives(holding: readonly LeaseRecord[]): string {
  return holding.map(({ owner, epoch, beats }) => `${owner} ${epoch} ${beats}`).join();
}

function notExpanded(): RetypeError {
  return new RetypeError('NOT_EXPANDED', {
    place: LEASE_TABLE,
    expected: 'one row at least',
    found: 'none: expand was interrupted',
    advice: 'run `glance-retype expand` again; it finishes what is missing',
  });
}

function describe({ shard, purpose, host, process }: LeaseRecord): string {
  const part = shard === null ? '' : ` (shard ${shard.shard} of ${shard.of})`;
  return `${purpose ?? 'a run'}${part} on ${host ?? 'an unknown host'}, process ${process ?? 'unknown'},`;
}

function heldBy(record: LeaseRecord): RetypeError {
  const { shard } = record;
  return new RetypeError('LEASE_HELD', {
    place: LEASE_TABLE,
    expected: 'a free lease',
    found: `${shard === null ? '' : `shard ${shard.shard} of ${shard.of} is `}held for ${record.purpose ?? 'a run'} by ${record.host ?? 'an unknown host'}, process ${record.process ?? 'unknown'}`,
    advice:
      'wait until it ends; if its process dies, the same command takes the lease over after half a minute without a sign of life',
  });
}

function stoppedWaiting(record: LeaseRecord): RetypeError {
  return new RetypeError('LEASE_WAIT_STOPPED', {
    place: LEASE_TABLE,
    expected: `a sign of life of ${describe(record)} or none for as long as a lease lasts`,
    found: 'a request to stop meanwhile: a signal, or the end of --max-time',
    advice: 'run the same command again',
  });
}

type Life =
  | { readonly kind: 'alive'; readonly holder: LeaseRecord }
  /** `since`: whether the watch over this holder begins with this look. */
  | { readonly kind: 'unknown'; readonly holder: LeaseRecord; readonly since: 'now' | 'before' }
  /** All holders are dead, or there is none. */
  | { readonly kind: 'dead' };

/** Watches holders by this process's monotonic clock. Has no effect beyond its memory. @param now milliseconds. */
type LeaseWatch = (holding: readonly LeaseRecord[], now: number) => Life;

/** How much a pause between two looks counts at most, as a share of the required silence. */
const LONGEST_PAUSE = 0.1;

/**
 * A holder is alive once its count of signs of life changes between two looks, and dead once it has not changed for
 * `silence`. No server's clock is used: the nodes of a cluster have different clocks, and any of them may be set. A
 * long pause between two looks counts only in part, because its cause, a server that did not answer, may have held back
 * the signs of life as well.
 *
 * @param isDead recognises some dead holders without watching.
 */
export function createLeaseWatch(silence: number, isDead: (holder: LeaseRecord) => boolean): LeaseWatch {
  const watched = new Map<string, { readonly beats: bigint; readonly silent: number; readonly at: number }>();
  return (holding, now) => {
    let unknown: Life | null = null;
    for (const holder of holding) {
      if (isDead(holder)) continue;
      const { owner, epoch, beats } = holder;
      const before = watched.get(`${owner} ${epoch}`);
      if (before !== undefined && before.beats !== beats) return { kind: 'alive', holder };
      const pause = before === undefined ? 0 : Math.min(now - before.at, silence * LONGEST_PAUSE);
      const silent = (before?.silent ?? 0) + pause;
      watched.set(`${owner} ${epoch}`, { beats, silent, at: now });
      if (silent < silence) unknown ??= { kind: 'unknown', holder, since: before === undefined ? 'now' : 'before' };
    }
    return unknown ?? { kind: 'dead' };
  };
}
