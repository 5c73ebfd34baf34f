import type { EventListener } from '../../model/event.ts';
import type { Progress } from '../../report/progress.ts';
import { createPhaseClock, type PhaseClock } from '../../run/context/phase-clock.ts';
import { listenForStop, type StopSwitch } from '../../run/context/stop.ts';
import { noteWork } from './measures.ts';
import { terminalProgress } from './output.ts';

/** Long work with a person watching: progress on standard error, and an orderly end after a signal. */
export interface Attendance extends Disposable {
  readonly progress: Progress;
  readonly stop: StopSwitch;
  readonly clock: PhaseClock;
}

/**
 * Shows progress and listens for signals until the caller's scope ends.
 *
 * @param onSignal what the operator reads when the first signal arrives.
 */
export function attend(onSignal: string): Attendance {
  const shown = terminalProgress();
  const clock = createPhaseClock();
  let rows = 0;
  const listen: EventListener = (event) => {
    if (event.kind === 'progress') rows = Math.max(rows, event.done);
    shown(event);
  };
  const progress = Object.assign(listen, { done: () => shown.done() });
  const stop = listenForStop((signal) => process.stderr.write(`\n${signal}: ${onSignal}\n`));
  return {
    progress,
    stop,
    clock,
    [Symbol.dispose]() {
      progress.done();
      stop.dispose();
      noteWork({ clock, rows });
    },
  };
}
