import { setImmediate as turn } from 'node:timers/promises';

/** Asked between batches; once true it stays true. */
export interface StopRequest {
  readonly requested: () => boolean;
}

/**
 * Asks between two batches. Lets the event loop turn first: SQLite answers without ever leaving the current turn, so a signal or
 * the lease's heartbeat would otherwise wait until the run is over.
 */
export async function stopRequested(stop: StopRequest): Promise<boolean> {
  await turn();
  return stop.requested();
}
