import type { Phase, RunEvent } from '../../model/event.ts';
import { createRate, type Rate } from './rate.ts';

/** How far a command is. Counts are of this invocation, save `done`, which includes rows of earlier ones. */
export interface Reading {
  /** null before the first phase. */
  readonly phase: Phase | null;
  /** Rows of the phase; null if counting them would be slow. */
  readonly total: number | null;
  readonly done: number;
  /** null until it can be known. */
  readonly rowsPerSecond: number | null;
  /** Until the end of the phase; null while it would be a wild guess, and while the work stands still. */
  readonly secondsLeft: number | null;
  /** Images looked into since the command began; null where none was during the phase. */
  readonly looked: number | null;
  readonly looksPerSecond: number | null;
  readonly waiting: Pick<Extract<RunEvent, { kind: 'waiting' }>, 'reason' | 'text' | 'reading' | 'limit'> | null;
  readonly run: number | null;
  readonly shard: { readonly shard: number; readonly of: number } | null;
  /** Rows of all phases that count any. */
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly undecided: number;
  readonly batches: number;
  readonly retries: number;
  /** Seconds that the work stood still on purpose. */
  readonly secondsWaited: number;
}

/** Counts the events of a command. */
export interface Meter {
  note(event: RunEvent): void;
  reading(): Reading;
}

/** The time left is a guess until this much time has passed and this share is done. */
const GUESS_AFTER = 2_000;
const GUESS_SHARE = 0.01;

interface RunningPhase {
  readonly phase: Phase;
  readonly total: number | null;
  readonly began: number;
  readonly rows: Rate;
  readonly looks: Rate;
  /** null before the first progress. */
  done: number | null;
  looked: number | null;
}

/**
 * @param now milliseconds of a clock that never goes back.
 * @param memory see `createRate`.
 */
export function createMeter(now: () => number, memory: number): Meter {
  let running: RunningPhase | null = null;
  let waiting: Reading['waiting'] = null;
  let waitingSince = 0;
  let run: Pick<Reading, 'run' | 'shard'> = { run: null, shard: null };
  const sums = { rowsRead: 0, rowsWritten: 0, undecided: 0, batches: 0, retries: 0, waited: 0 };

  function stopWaiting(): void {
    if (waiting !== null) sums.waited += now() - waitingSince;
    waiting = null;
  }

  function note(event: RunEvent): void {
    // Nobody tells that the database or the lease was there at last: the work shows it.
    if (event.kind === 'progress' && (waiting?.reason === 'database' || waiting?.reason === 'lease')) stopWaiting();
    switch (event.kind) {
      case 'phase': {
        const { phase, total } = event;
        const rates = { rows: createRate(memory), looks: createRate(memory) };
        running = { phase, total, began: now(), done: null, looked: null, ...rates };
        return;
      }
      case 'progress':
        if (running === null) return;
        // What earlier invocations did is told before the first batch.
        running.done ??= running.phase === 'migrate' ? event.done : 0;
        sums.rowsRead += Math.max(0, event.done - running.done);
        running.done = event.done;
        running.rows.at(event.done, now());
        return;
      case 'probe':
        if (running === null) return;
        running.looked = event.images;
        running.looks.at(event.images, now());
        return;
      case 'run':
        run = { run: event.id, shard: event.shard };
        return;
      case 'batch':
        sums.batches += 1;
        sums.rowsWritten += event.written;
        sums.undecided += event.undecided;
        return;
      case 'retry':
        sums.retries += 1;
        return;
      case 'waiting':
        if (waiting === null) waitingSince = now();
        waiting = event;
        return;
      case 'resumed':
        stopWaiting();
        return;
      case 'stopping':
      case 'note':
      case 'warning':
        return;
    }
  }

  return {
    note,
    reading() {
      const at = now();
      const rowsPerSecond = running?.rows.perSecond(at) ?? null;
      const waitedNow = waiting === null ? 0 : at - waitingSince;
      return {
        phase: running?.phase ?? null,
        total: running?.total ?? null,
        done: running?.done ?? 0,
        rowsPerSecond,
        secondsLeft: running === null || waiting !== null ? null : secondsLeft(running, rowsPerSecond, at),
        looked: running?.looked ?? null,
        looksPerSecond: running?.looks.perSecond(at) ?? null,
        waiting,
        ...run,
        rowsRead: sums.rowsRead,
        rowsWritten: sums.rowsWritten,
        undecided: sums.undecided,
        batches: sums.batches,
        retries: sums.retries,
        secondsWaited: (sums.waited + waitedNow) / 1000,
      };
    },
  };
}

function secondsLeft(
  { total, done: dealt, began }: RunningPhase,
  perSecond: number | null,
  now: number,
): number | null {
  const done = dealt ?? 0;
  if (total === null || perSecond === null || perSecond <= 0 || done >= total) return null;
  if (now - began < GUESS_AFTER || done < total * GUESS_SHARE) return null;
  return (total - done) / perSecond;
}
