import { setImmediate as turn } from 'node:timers/promises';

/** A request to stop; asked between batches. Once true, it stays true. */
export interface StopRequest {
  readonly requested: () => boolean;
}

/**
 * Asks for a stop request between two batches. It yields to the event loop first: SQLite answers within the current
 * turn, so a signal or the lease's heartbeat would otherwise wait until the run is over.
 */
export async function stopRequested(stop: StopRequest): Promise<boolean> {
  await turn();
  return stop.requested();
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A stop request that signals set. The batch under way is finished first. */
export interface StopSwitch extends StopRequest {
  /** Removes the signal handlers. */
  dispose(): void;
}

/**
 * Listens for SIGINT, SIGTERM and SIGHUP (the terminal was closed). The first signal asks for a stop after the batch
 * under way. A second one ends the process at once, which is as safe as kill -9: the server rolls the open transaction
 * back.
 *
 * @param onFirst called once, so that the operator sees that the signal arrived.
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
  for (const signal of SIGNALS) process.on(signal, handler);
  return {
    requested: () => asked,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, handler);
    },
  };
}
