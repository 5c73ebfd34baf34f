import { seconds } from './time-limits.ts';
import { timedOut } from './transfer-failure.ts';

/**
 * Runs all work of one image within one time in total, milliseconds. When that is used up, the work fails with a
 * TransferFailure and `life` is aborted.
 */
export function imageTime(life: AbortController, totalMs: number): <T>(work: () => Promise<T>) => Promise<T> {
  let leftMs = totalMs;
  return async (work) => {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(timedOut(`reading it took longer than ${seconds(totalMs)} s in all`));
        life.abort();
      }, leftMs);
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
      leftMs -= performance.now() - began;
    }
  };
}
