import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorClass } from '../dialect.ts';
import { driverError, serverMessage } from '../driver-error.ts';
import { FIRST_CONTACT_BUDGET_MS, isWorthTelling, retryBudget, RUN_BUDGET_MS } from '../transaction/retry.ts';

/**
 * Connects for the first time. Gives up soon where nothing listens, because the address may be wrong; waits as long as
 * a run does for a server that answers but is full or still starting.
 */
export async function firstContact<T>(
  classify: (error: unknown) => ErrorClass,
  onWait: (reason: string) => void,
  connect: () => Promise<T>,
): Promise<T> {
  const brief = retryBudget(FIRST_CONTACT_BUDGET_MS);
  const patient = retryBudget(RUN_BUDGET_MS);
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const kind = classify(error);
      const budget = kind === 'unreachable' && saidByServer(error) ? patient : brief;
      const wait = budget.next(kind, performance.now(), Math.random());
      if (wait === null) throw error;
      if (isWorthTelling(wait)) onWait(serverMessage(error));
      await sleep(wait.milliseconds);
    }
  }
}

/** MySQL numbers its errors from 1000 on, PostgreSQL has states of five characters; sockets have neither. */
function saidByServer(error: unknown): boolean {
  const { code, errno } = driverError(error);
  return (errno ?? 0) > 1000 || /^[0-9A-Z]{5}$/.test(code ?? '');
}
