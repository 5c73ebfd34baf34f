import { describe, expect, it } from 'vitest';

import { prefetch } from '../../../src/run/migrate/streams.ts';

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

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('prefetch', () => {
  it('has the next value made while the consumer works on one, and no further', async () => {
    const made: number[] = [];
    async function* source(): AsyncGenerator<number, void, undefined> {
      for (let number = 1; number <= 4; number += 1) {
        made.push(number);
        yield number;
      }
    }
    const ahead: number[] = [];
    for await (const number of prefetch(source())) {
      await soon();
      ahead.push(made.length - number);
    }
    expect(ahead).toEqual([1, 1, 1, 0]);
  });

  it('closes the generator when the consumer stops, and hands a failure on in its turn', async () => {
    let closed = 0;
    for await (const number of prefetch(numbers(5, () => void (closed += 1)))) {
      expect(number).toBe(1);
      break;
    }
    expect(closed).toBe(1);
    const seen: number[] = [];
    async function* broken(): AsyncGenerator<number, void, undefined> {
      yield 1;
      throw new Error('the second');
    }
    const drain = async (): Promise<void> => {
      for await (const number of prefetch(broken())) seen.push(number);
    };
    await expect(drain()).rejects.toThrow('the second');
    expect(seen).toEqual([1]);
  });
});
