import type { EventListener } from '../../../src/model/event.ts';
import { createLog, type Log, type LogOptions } from '../../../src/report/log/log.ts';

/** A log with a clock that the test moves. */
export interface Stage {
  readonly log: Log;
  readonly progress: EventListener & { done(): void };
  /** Each piece that was written. */
  readonly written: string[];
  /** Moves the clock by one second at a time, as the command's timer does, and then by the rest. */
  readonly advance: (milliseconds: number) => void;
  /** Forgets what was written and returns it as one text. */
  readonly taken: () => string;
}

/** The log of a migrate without a terminal that begins at noon on 2026-11-30. */
export function stage(options: Partial<LogOptions> = {}): Stage {
  const written: string[] = [];
  const start = 1_000_000;
  let clock = start;
  const log = createLog({
    sink: { write: (text) => void written.push(text) },
    format: 'text',
    extent: 'usual',
    columns: null,
    now: () => clock,
    date: () => new Date(Date.UTC(2026, 10, 30, 12) + clock - start),
    every: 30_000,
    command: 'migrate',
    pid: 4711,
    ...options,
  });
  return {
    log,
    progress: Object.assign((event: Parameters<EventListener>[0]) => log.event(event), { done: () => log.settle() }),
    written,
    advance: (milliseconds) => {
      for (let left = milliseconds; left >= 1_000; left -= 1_000) {
        clock += 1_000;
        if (options.columns === undefined) log.tick();
      }
      clock += milliseconds % 1_000;
    },
    taken: () => written.splice(0).join(''),
  };
}
