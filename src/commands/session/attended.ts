import type { EventListener } from '../../model/event.ts';
import type { Progress } from '../../report/progress.ts';
import { createPhaseClock, type PhaseClock } from '../../run/context/phase-clock.ts';
import { listenForStop, type StopSwitch } from '../../run/context/stop.ts';
import { noteWork } from './measures.ts';
import { terminalProgress } from './terminal.ts';

/** Long work with somebody watching: progress on standard error, and an orderly end when a signal asks for one. */
export interface Attendance {
  readonly progress: Progress;
  readonly stop: StopSwitch;
  readonly clock: PhaseClock;
}

/**
 * Runs long work. Progress is finished and the signal handlers are gone when it ends, however it ends.
 *
 * @param onSignal what the operator is told when the first signal comes.
 */
export async function attended<T>(onSignal: string, work: (attendance: Attendance) => Promise<T>): Promise<T> {
  const shown = terminalProgress();
  const clock = createPhaseClock();
  let rows = 0;
  const listen: EventListener = (event) => {
    if (event.kind === 'progress') rows = Math.max(rows, event.done);
    shown(event);
  };
  const progress = Object.assign(listen, { done: () => shown.done() });
  const stop = listenForStop((signal) => process.stderr.write(`\n${signal}: ${onSignal}\n`));
  try {
    return await work({ progress, stop, clock });
  } finally {
    progress.done();
    stop.dispose();
    noteWork({ clock, rows });
  }
}
