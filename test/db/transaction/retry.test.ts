import { describe, expect, it } from 'vitest';
import { isWorthTelling, LONGEST_WAIT_MS, retryBudget, SHORTEST_WAIT_MS } from '../../../src/db/transaction/retry.ts';

describe('a retry budget', () => {
  it('waits within bounds that grow with the attempts', () => {
    const least = retryBudget(Infinity);
    const most = retryBudget(Infinity);
    const waits: number[] = [];
    for (let attempt = 1; attempt < 40; attempt += 1) {
      expect(least.next('conflict', 0, 0)).toMatchObject({ attempt, milliseconds: SHORTEST_WAIT_MS });
      waits.push(most.next('conflict', 0, 0.999_999)?.milliseconds ?? 0);
    }
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(waits.at(0)).toBeLessThan(LONGEST_WAIT_MS / 10);
    expect(waits.at(-1)).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    expect(waits.at(-1)).toBeGreaterThan(LONGEST_WAIT_MS * 0.99);
  });

  it('counts from the first failure, so that there is a second try however long the first one took', () => {
    const budget = retryBudget(1000);
    expect(budget.next('connection-lost', 500_000, 0)).toMatchObject({ attempt: 1, lasted: 0 });
    expect(budget.next('conflict', 500_999, 0)).toMatchObject({ attempt: 2, lasted: 999 });
    expect(budget.next('unreachable', 501_000, 0)).toBeNull();
  });

  it.each(['permission-denied', 'disk-full', 'too-large', 'read-only', 'login-refused', 'fatal'] as const)(
    'does not wait for %s to pass',
    (kind) => {
      expect(retryBudget(1000).next(kind, 0, 0)).toBeNull();
    },
  );

  it('is told of where a connection was lost, and where something lasts', () => {
    const told = (kind: 'connection-lost' | 'unreachable', lasted: number): boolean =>
      isWorthTelling({ kind, lasted, attempt: 1, milliseconds: 50 });
    expect([told('connection-lost', 0), told('unreachable', 0), told('unreachable', 1000)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
