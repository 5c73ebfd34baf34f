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

/** A stop request that signals set; the batch in hand is finished first. */
export interface StopSwitch extends StopRequest {
  /** Takes the signal handlers away again. */
  dispose(): void;
}

/**
 * Listens for SIGINT and SIGTERM. The first asks for a stop after the batch in hand; a second one of the same process ends it at
 * once, which is as safe as kill -9: the open transaction is rolled back by the server.
 *
 * @param onFirst told once, so that the operator sees that the signal was taken.
 */
export function listenForStop(onFirst: (signal: NodeJS.Signals) => void): StopSwitch {
  let asked = false;
  const handler = (signal: NodeJS.Signals): void => {
    if (asked) {
      process.kill(process.pid, 'SIGKILL');
      return;
    }
    asked = true;
    onFirst(signal);
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    requested: () => asked,
    dispose: () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
