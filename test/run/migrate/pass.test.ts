import { describe, expect, it } from 'vitest';

import { postgresDialect } from '../../../src/db/engines/postgres/dialect.ts';
import { sqliteDialect } from '../../../src/db/engines/sqlite/dialect.ts';
import { runLanes, type BatchSource, passWriter } from '../../../src/run/migrate/pass.ts';
import type { BatchWork } from '../../../src/run/migrate/batch-work.ts';
import { type BatchKind, type Brake, NO_BRAKE } from '../../../src/run/steering/brake.ts';
import type { BatchResult } from '../../../src/run/migrate/commit-batch.ts';

const SERVER = { dialect: postgresDialect('15.18') };
const FILE = { dialect: sqliteDialect('3.53.0', '/nowhere/glance.db') };
const NEVER = { requested: () => false };
const COUNTS = { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };

const batch = (pass: number): BatchWork => ({
  pass,
  range: null,
  covers: 'nothing',
  rowsRead: 1,
  counts: COUNTS,
  rows: [],
  shared: null,
  part: null,
});

const batches = (many: number): BatchSource =>
  async function* batchesOf() {
    for (let pass = 1; pass <= many; pass += 1) yield await Promise.resolve(batch(pass));
  };

const result = (changes: Partial<BatchResult> = {}): BatchResult => ({
  written: 1,
  changed: [],
  foreign: [],
  ...changes,
});

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('passWriter', () => {
  it('sums up what batches came to, and tells of each once it is committed', async () => {
    const told: number[] = [];
    const write = passWriter(
      { writer: SERVER, lanes: 1, stop: NEVER, brake: NO_BRAKE, emptyBatches: 'counts' },
      async ({ pass }) => Promise.resolve(result({ written: pass, changed: ['x'], foreign: [`f${pass}`] })),
    );
    expect(await write(batches(3), ({ pass }) => told.push(pass))).toEqual({
      end: 'finished',
      written: 6,
      changed: 3,
      foreign: ['f1', 'f2', 'f3'],
    });
    expect(told).toEqual([1, 2, 3]);
  });

  it('is stopped where its source was, although all lanes finished', async () => {
    const write = passWriter(
      { writer: SERVER, lanes: 2, stop: NEVER, brake: NO_BRAKE, emptyBatches: 'counts' },
      async () => Promise.resolve(result()),
    );
    const source: BatchSource = async function* left(onStopped) {
      yield await Promise.resolve(batch(1));
      onStopped();
    };
    expect(await write(source, () => {})).toMatchObject({ end: 'stopped', written: 1 });
  });

  it('waits for the brake behind every batch', async () => {
    const waited: number[] = [];
    const brake = { ...NO_BRAKE, after: async (took: number) => Promise.resolve(void waited.push(took)) };
    const write = passWriter({ writer: SERVER, lanes: 1, stop: NEVER, brake, emptyBatches: 'counts' }, async () =>
      Promise.resolve(result()),
    );
    await write(batches(2), () => {});
    expect(waited).toHaveLength(2);
  });

  it.each([
    ['a server', SERVER, 2],
    ['a file', FILE, 1],
  ])(
    'makes the next batch while one is written to %s, unless both would take turns in one thread',
    async (_, writer, made) => {
      let yielded = 0;
      const source: BatchSource = async function* counted() {
        for (const pass of [1, 2, 3]) {
          yielded += 1;
          yield await Promise.resolve(batch(pass));
        }
      };
      const seen: number[] = [];
      const write = passWriter({ writer, lanes: 1, stop: NEVER, brake: NO_BRAKE, emptyBatches: 'counts' }, async () => {
        await soon();
        seen.push(yielded);
        return result();
      });
      await write(source, () => {});
      expect(seen).toEqual([made, made + 1, 3]);
    },
  );

  it.each([1, 3])('with %i lanes begins no batch that the brake refuses, and is stopped then', async (lanes) => {
    const committed: number[] = [];
    let left = 4;
    const brake: Brake = {
      ...NO_BRAKE,
      before: async () => {
        await soon();
        left -= 1;
        return left >= 0 ? 'begin' : 'end';
      },
    };
    const write = passWriter(
      { writer: SERVER, lanes, stop: NEVER, brake, emptyBatches: 'counts' },
      async ({ pass }) => {
        committed.push(pass);
        await soon();
        return result();
      },
    );
    expect(await write(batches(20), () => {})).toMatchObject({ end: 'stopped', written: 4 });
    expect(committed).toEqual([1, 2, 3, 4]);
    // Asked once more by each lane at most.
    expect(left).toBeGreaterThanOrEqual(-lanes);
  });

  it('tells the brake of a batch without rows what the caller says', async () => {
    const kinds: BatchKind[] = [];
    const brake: Brake = {
      ...NO_BRAKE,
      before: async (kind) => {
        kinds.push(kind);
        return Promise.resolve('begin');
      },
    };
    const write = passWriter({ writer: SERVER, lanes: 1, stop: NEVER, brake, emptyBatches: 'is-free' }, async () =>
      Promise.resolve(result()),
    );
    const source: BatchSource = async function* two() {
      yield await Promise.resolve(batch(1));
      yield { ...batch(2), rows: [{} as BatchWork['rows'][0]] };
    };
    await write(source, () => {});
    expect(kinds).toEqual(['is-free', 'counts']);
  });

  it('keeps ten thousand foreign ids', async () => {
    const foreign = Array.from({ length: 6_000 }, (_, index) => `f${index}`);
    const write = passWriter(
      { writer: SERVER, lanes: 1, stop: NEVER, brake: NO_BRAKE, emptyBatches: 'counts' },
      async () => Promise.resolve(result({ foreign })),
    );
    expect((await write(batches(2), () => {})).foreign).toHaveLength(10_000);
  });
});

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

describe('runLanes', () => {
  it.each([1, 2, 5])('does everything once, at most %i at a time, begun in order', async (lanes) => {
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    const end = await runLanes(numbers(20), {
      lanes: () => lanes,
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

  it('has fewer pieces under way from the next one on when lanes become fewer, and more when they come back', async () => {
    let underWay = 0;
    const beside: number[] = [];
    await runLanes(numbers(30), {
      lanes: () => (beside.length >= 10 && beside.length < 20 ? 1 : 3),
      stop: never,
      work: async () => {
        underWay += 1;
        beside.push(underWay);
        for (let turn = 0; turn < 20; turn += 1) await soon();
        underWay -= 1;
      },
    });
    expect(Math.max(...beside.slice(0, 10))).toBe(3);
    // The piece that was taken before may still begin beside others.
    expect(Math.max(...beside.slice(11, 20))).toBe(1);
    expect(Math.max(...beside.slice(21))).toBe(3);
  });

  it('finishes what was begun when a stop is asked for, and does one piece at least', async () => {
    const finished: number[] = [];
    let closed = false;
    const end = await runLanes(
      numbers(20, () => (closed = true)),
      {
        lanes: () => 3,
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
        lanes: () => 2,
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
    await expect(runLanes(numbers(20), { lanes: () => 3, stop: never, work })).rejects.toThrow('lane 3');
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
    await expect(runLanes(broken(), { lanes: () => 2, stop: never, work })).rejects.toThrow('the source');
    expect(finished).toEqual([1]);
  });
});
