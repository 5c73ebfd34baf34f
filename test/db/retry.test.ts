import { describe, expect, it } from 'vitest';
import type { ErrorClass } from '../../src/db/dialect.ts';
import { backOff, LONGEST_WAIT_MS, SHORTEST_WAIT_MS, withRetry } from '../../src/db/retry.ts';

async function outcome(
  failures: readonly ErrorClass[],
  attempts: number,
): Promise<{ result: string; calls: number; told: number[]; waits: number[] }> {
  let calls = 0;
  const told: number[] = [];
  const waits: number[] = [];
  const work = (): Promise<string> => {
    const failure = failures[calls];
    calls += 1;
    return failure === undefined ? Promise.resolve('done') : Promise.reject(new Error(failure));
  };
  const result = await withRetry(work, {
    attempts,
    classify: (error) => (error as Error).message as ErrorClass,
    onRetry: (attempt) => told.push(attempt),
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  }).catch((error: unknown) => String(error));
  return { result, calls, told, waits };
}

describe('withRetry', () => {
  it('tries again after conflicts', async () => {
    const seen = await outcome(['conflict', 'conflict'], 3);
    expect(seen).toMatchObject({ result: 'done', calls: 3, told: [1, 2] });
    expect(seen.waits).toHaveLength(2);
  });

  it('gives up after the attempts it was given, with the last error', async () => {
    expect(await outcome(['conflict', 'conflict', 'conflict'], 2)).toMatchObject({
      result: 'Error: conflict',
      calls: 2,
      told: [1],
    });
  });

  it.each(['connection-lost', 'too-large', 'read-only', 'fatal'] as const)('never tries %s again', async (kind) => {
    expect(await outcome([kind], 9)).toMatchObject({ result: `Error: ${kind}`, calls: 1, told: [] });
  });
});

describe('backOff', () => {
  it('stays within its bounds and grows with the attempts', () => {
    for (let attempt = 1; attempt < 40; attempt += 1) {
      expect(backOff(attempt, 0)).toBe(SHORTEST_WAIT_MS);
      expect(backOff(attempt, 0.999_999)).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    }
    expect(backOff(1, 0.999)).toBeLessThan(backOff(5, 0.999));
    expect(backOff(60, 0.999_999)).toBeGreaterThan(LONGEST_WAIT_MS * 0.99);
  });
});
