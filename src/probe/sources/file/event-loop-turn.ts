import { setImmediate as turn } from 'node:timers/promises';

/** Work without a turn of the event loop; a signal, a timer or an answer waits as long at the most. */
const LONGEST_MS = 20;

let last = performance.now();

/** Lets the event loop turn where the last turn was long ago: inline calls alone never come to it. */
export async function turnIfDue(): Promise<void> {
  if (performance.now() - last < LONGEST_MS) return;
  await turn();
  last = performance.now();
}
