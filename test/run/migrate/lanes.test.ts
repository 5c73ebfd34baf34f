import { describe, expect, it } from 'vitest';

import { runLanes } from '../../../src/run/migrate/lanes.ts';

async function* numbers(upTo: number, onClosed = () => {}): AsyncGenerator<number, void, undefined> {
  try {
    for (let number = 1; number <= upTo; number += 1) {
      await Promise.resolve();
      yield number;
    }
  } finally {
    onClosed();
  }
}

const never = { requested: () => false };
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('runLanes', () => {
  it.each([1, 2, 5])('does everything once, at most %i at a time, begun in order', async (lanes) => {
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    const end = await runLanes(numbers(20), {
      lanes,
      stop: never,
      work: async (piece) => {
        begun.push(piece);
        underWay += 1;
        most = Math.max(most, underWay);
        for (let turn = 0; turn < 20 + ((piece * 7) % 5); turn += 1) await soon();
        underWay -= 1;
      },
    });
    expect(end).toBe('finished');
    expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(most).toBe(lanes);
    expect(underWay).toBe(0);
  });

  it('finishes what was begun when a stop is asked for, and does one piece at least', async () => {
    const finished: number[] = [];
    let closed = false;
    const end = await runLanes(
      numbers(20, () => (closed = true)),
      {
        lanes: 3,
        stop: { requested: () => true },
        work: async (piece) => {
          await soon();
          finished.push(piece);
        },
      },
    );
    expect([end, finished, closed]).toEqual(['stopped', [1], true]);
  });

  it('begins nothing after a failure, waits for what is under way, and throws it', async () => {
    const begun: number[] = [];
    const finished: number[] = [];
    let closed = false;
    const run = runLanes(
      numbers(20, () => (closed = true)),
      {
        lanes: 2,
        stop: never,
        work: async (piece) => {
          begun.push(piece);
          if (piece === 2) throw new Error('lane 2');
          for (let turn = 0; turn < 20; turn += 1) await soon();
          finished.push(piece);
        },
      },
    );
    await expect(run).rejects.toThrow('lane 2');
    expect(begun).toEqual([1, 2]);
    expect(finished).toEqual([1]);
    expect(closed).toBe(true);
  });

  it('throws the first of several failures, and only once the last lane has ended', async () => {
    let underWay = 0;
    const work = async (piece: number): Promise<void> => {
      underWay += 1;
      for (let turn = 0; turn < 30 - piece * 5; turn += 1) await soon();
      underWay -= 1;
      throw new Error(`lane ${piece}`);
    };
    await expect(runLanes(numbers(20), { lanes: 3, stop: never, work })).rejects.toThrow('lane 3');
    expect(underWay).toBe(0);
  });

  it('throws what the source throws, once nothing is under way', async () => {
    const finished: number[] = [];
    async function* broken(): AsyncGenerator<number, void, undefined> {
      yield 1;
      await soon();
      throw new Error('the source');
    }
    const work = async (piece: number): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) await soon();
      finished.push(piece);
    };
    await expect(runLanes(broken(), { lanes: 2, stop: never, work })).rejects.toThrow('the source');
    expect(finished).toEqual([1]);
  });
});
