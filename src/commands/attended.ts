import type { Progress } from '../report/progress.ts';
import { listenForStop, type StopSwitch } from '../run/stop.ts';
import { terminalProgress } from './terminal.ts';

/** Long work with somebody watching: progress on standard error, and an orderly end when a signal asks for one. */
export interface Attendance {
  readonly progress: Progress;
  readonly stop: StopSwitch;
}

/**
 * Runs long work. Progress is finished and the signal handlers are gone when it ends, however it ends.
 *
 * @param onSignal what the operator is told when the first signal comes.
 */
export async function attended<T>(onSignal: string, work: (attendance: Attendance) => Promise<T>): Promise<T> {
  const progress = terminalProgress();
  const stop = listenForStop((signal) => process.stderr.write(`\n${signal}: ${onSignal}\n`));
  try {
    return await work({ progress, stop });
  } finally {
    progress.done();
    stop.dispose();
  }
}
