import { describe, expect, it } from 'vitest';

import type { BatchWork } from '../../../src/run/migrate/batch-work.ts';
import { NO_BRAKE } from '../../../src/run/migrate/brake.ts';
import type { BatchResult } from '../../../src/run/migrate/commit-batch.ts';
import { type BatchSource, passWriter } from '../../../src/run/migrate/pass.ts';

const NEVER = { requested: () => false };
const COUNTS = { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };

const batch = (pass: number): BatchWork => ({
  pass,
  range: null,
  covers: 'nothing',
  rowsRead: 1,
  counts: COUNTS,
  rows: [],
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

describe('passWriter', () => {
  it('sums up what batches came to, and tells of each once it is committed', async () => {
    const told: number[] = [];
    const write = passWriter({ lanes: 1, stop: NEVER, brake: NO_BRAKE }, async ({ pass }) =>
      Promise.resolve(result({ written: pass, changed: ['x'], foreign: [`f${pass}`] })),
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
    const write = passWriter({ lanes: 2, stop: NEVER, brake: NO_BRAKE }, async () => Promise.resolve(result()));
    const source: BatchSource = async function* left(onStopped) {
      yield await Promise.resolve(batch(1));
      onStopped();
    };
    expect(await write(source, () => {})).toMatchObject({ end: 'stopped', written: 1 });
  });

  it('waits for the brake behind every batch', async () => {
    const waited: number[] = [];
    const brake = { ...NO_BRAKE, after: async (took: number) => Promise.resolve(void waited.push(took)) };
    const write = passWriter({ lanes: 1, stop: NEVER, brake }, async () => Promise.resolve(result()));
    await write(batches(2), () => {});
    expect(waited).toHaveLength(2);
  });

  it('keeps ten thousand foreign ids', async () => {
    const foreign = Array.from({ length: 6_000 }, (_, index) => `f${index}`);
    const write = passWriter({ lanes: 1, stop: NEVER, brake: NO_BRAKE }, async () =>
      Promise.resolve(result({ foreign })),
    );
    expect((await write(batches(2), () => {})).foreign).toHaveLength(10_000);
  });
});
