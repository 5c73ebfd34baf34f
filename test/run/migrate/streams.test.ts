import { describe, expect, it } from 'vitest';

import { mergeStreams, prefetch } from '../../../src/run/migrate/streams.ts';

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

describe('mergeStreams', () => {
  it('hands out what is there while another generator is still at work, which it asks no second time', async () => {
    let letGo = (): void => {};
    let asked = 0;
    async function* slow(): AsyncGenerator<number, void, undefined> {
      asked += 1;
      await new Promise<void>((resolve) => (letGo = resolve));
      yield 100;
    }
    const seen: number[] = [];
    for await (const number of mergeStreams([slow(), numbers(4)])) {
      seen.push(number);
      if (number === 4) letGo();
    }
    expect([seen, asked]).toEqual([[1, 2, 3, 4, 100], 1]);
  });

  it('has every generator at work before the first value is taken up', async () => {
    const begun: string[] = [];
    async function* named(name: string): AsyncGenerator<string, void, undefined> {
      begun.push(name);
      await soon();
      yield name;
    }
    const all = mergeStreams([named('a'), named('b'), named('c')]);
    await all.next();
    expect(begun).toEqual(['a', 'b', 'c']);
    await all.return();
  });

  it('hands out every value of every generator, each generator in its order', async () => {
    const seen: number[] = [];
    for await (const number of mergeStreams([numbers(5), numbers(0), numbers(3)])) seen.push(number);
    expect(seen.toSorted((one, other) => one - other)).toEqual([1, 1, 2, 2, 3, 3, 4, 5]);
  });

  it('closes all of them when the consumer stops or one fails', async () => {
    let closed = 0;
    const close = (): void => void (closed += 1);
    for await (const number of mergeStreams([numbers(5, close), numbers(5, close)])) {
      expect(number).toBe(1);
      break;
    }
    expect(closed).toBe(2);
    async function* broken(): AsyncGenerator<number, void, undefined> {
      yield 1;
      throw new Error('one of them');
    }
    const drain = async (): Promise<void> => {
      for await (const number of mergeStreams([numbers(50, close), broken()])) expect(number).toBeGreaterThan(0);
    };
    await expect(drain()).rejects.toThrow('one of them');
    expect(closed).toBe(3);
  });
});

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
