import type { EventListener } from '../../model/event.ts';
import { createPhaseClock, type PhaseClock } from '../../run/context/phase-clock.ts';
import { listenForStop, type StopSwitch } from '../../run/context/stop.ts';
import { say, settleLog, tell } from '../log/log.ts';
import { noteWork } from './measures.ts';

/** Long work with somebody watching: progress on standard error, and an orderly end after a signal. */
export interface Attendance extends Disposable {
  /** Takes the events of the work; `done` says that the phase is over. */
  readonly progress: EventListener & { done(): void };
  readonly stop: StopSwitch;
  readonly clock: PhaseClock;
}

/**
 * Shows progress and listens for signals until the caller's scope ends.
 *
 * @param onSignal what the operator reads when the first signal arrives.
 */
export function attend(onSignal: string): Attendance {
  const clock = createPhaseClock();
  let rows = 0;
  const listen: EventListener = (event) => {
    if (event.kind === 'progress') rows = Math.max(rows, event.done);
    say(event);
  };
  const progress = Object.assign(listen, { done: settleLog });
  const stop = listenForStop((signal) => {
    tell({ event: 'stopping', cause: 'signal', text: `${signal}: ${onSignal}` });
  });
  return {
    progress,
    stop,
    clock,
    [Symbol.dispose]() {
      progress.done();
      stop.dispose();
      noteWork({ clock, rows });
      tellTimes(clock);
    },
  };
}

function tellTimes(clock: PhaseClock): void {
  const { read, decide, write, wait } = clock.seconds();
  const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
  tell({
    event: 'times',
    read_seconds: tenths(read),
    decide_seconds: tenths(decide),
    write_seconds: tenths(write),
    wait_seconds: tenths(wait),
  });
}
