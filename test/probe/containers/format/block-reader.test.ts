import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BlockMap, BlockPlace } from '../../../../src/probe/containers/format/block-table.ts';
import { blockReader } from '../../../../src/probe/containers/format/block-reader.ts';
import { expandHead } from '../../../../src/probe/expand/expand.ts';
import { Unreadable, type Ask, type Reading } from '../../../../src/probe/reading/reading.ts';

const BLOCK = 4096;

function mapOf(places: readonly BlockPlace[], blockSize = BLOCK): BlockMap {
  return {
    blockSize,
    virtualSize: places.length * blockSize,
    // oxlint-disable-next-line require-yield -- the places are known
    *locate(first, count) {
      return places.slice(first, first + count);
    },
  };
}

const stored = (offset: number): BlockPlace => ({ kind: 'stored', offset });

const ZEROS: BlockPlace = { kind: 'zeros' };

/** A file whose bytes tell their place: 4 KiB pages numbered from 1. */
function pages(count: number): Uint8Array {
  return Uint8Array.from({ length: count * BLOCK }, (_, index) => Math.floor(index / BLOCK) + 1);
}

/** Runs a reading over bytes and notes what it asked for. */
async function read(
  reading: Reading<Uint8Array>,
  file: Uint8Array,
): Promise<{ readonly result: Uint8Array | Unreadable; readonly asks: readonly Ask[] }> {
  const asks: Ask[] = [];
  try {
    let step = reading.next();
    while (step.done !== true) {
      const ask = step.value;
      asks.push(ask);
      const answer =
        ask.kind === 'read'
          ? file.subarray(ask.offset, ask.offset + ask.length)
          : await expandHead(ask.compression, ask.input, ask.limit);
      step = reading.next(answer);
    }
    return { result: step.value, asks };
  } catch (error) {
    if (error instanceof Unreadable) return { result: error, asks };
    throw error;
  }
}

const ranges = (asks: readonly Ask[]): readonly unknown[] =>
  asks.map((ask) => (ask.kind === 'read' ? [ask.offset, ask.length] : ['expand', ask.limit]));

describe('blockReader', () => {
  it('reads blocks that lie close in one request, whatever their order', async () => {
    const map = mapOf([stored(3 * BLOCK), ZEROS, stored(BLOCK), stored(2 * BLOCK)]);
    const { result, asks } = await read(blockReader(map, 8 * BLOCK)(100, 4 * BLOCK - 300), pages(8));
    const whole = new Uint8Array(4 * BLOCK)
      .fill(4, 0, BLOCK)
      .fill(2, 2 * BLOCK, 3 * BLOCK)
      .fill(3, 3 * BLOCK);
    expect(result).toEqual(whole.subarray(100, 4 * BLOCK - 200));
    expect(ranges(asks)).toEqual([[BLOCK, 3 * BLOCK]]);
  });

  it('reads blocks more than 64 KiB apart one by one, in the order of the file', async () => {
    const map = mapOf([stored(18 * BLOCK), stored(0), stored(36 * BLOCK)]);
    const { result, asks } = await read(blockReader(map, 64 * BLOCK)(0, 3 * BLOCK), pages(64));
    expect(result).toEqual(
      new Uint8Array(3 * BLOCK)
        .fill(19, 0, BLOCK)
        .fill(1, BLOCK, 2 * BLOCK)
        .fill(37, 2 * BLOCK),
    );
    expect(ranges(asks)).toEqual([
      [0, BLOCK],
      [18 * BLOCK, BLOCK],
      [36 * BLOCK, BLOCK],
    ]);
  });

  it('never asks for more than a mebibyte at once, however many blocks lie close', async () => {
    const places = Array.from({ length: 17 }, (_, index) => stored(index * 17 * BLOCK));
    const { asks } = await read(blockReader(mapOf(places), 300 * BLOCK)(0, 17 * BLOCK), pages(300));
    expect(asks.length).toBe(2);
    for (const ask of asks) expect(ask.kind === 'read' && ask.length).toBeLessThanOrEqual(1024 * 1024);
  });

  it('asks for little where two huge blocks overlap', async () => {
    const huge = 2 ** 31;
    const map = mapOf([stored(512), stored(1024)], huge);
    const { asks } = await read(blockReader(map, 2 ** 33)(huge - 1000, 2000), pages(1));
    for (const ask of asks) expect(ask.kind === 'read' && ask.length).toBe(1000);
  });

  it('gives one file block to two guest blocks', async () => {
    const map = mapOf([stored(BLOCK), stored(BLOCK)]);
    expect((await read(blockReader(map, 2 * BLOCK)(0, 2 * BLOCK), pages(2))).result).toEqual(
      new Uint8Array(2 * BLOCK).fill(2),
    );
  });

  it('ends at the end of the disk', async () => {
    const read1 = blockReader(mapOf([stored(0), ZEROS]), BLOCK);
    expect((await read(read1(BLOCK - 1, 10 * BLOCK), pages(1))).result).toHaveLength(BLOCK + 1);
    expect((await read(read1(2 * BLOCK, 10), pages(1))).result).toEqual(new Uint8Array(0));
    expect((await read(read1(2 ** 52, 10), pages(1))).result).toEqual(new Uint8Array(0));
  });

  it.each([
    [-1, 10],
    [0, -1],
    [0.5, 1],
    [Number.NaN, 1],
    [0, 2 ** 53],
    [2 ** 53, 1],
  ])('refuses the range %d, %d', async (offset, length) => {
    const { result } = await read(blockReader(mapOf([ZEROS]), 0)(offset, length), pages(0));
    expect(result).toMatchObject({ reason: 'malformed' });
  });

  it('refuses more than a mebibyte', async () => {
    const map = mapOf([ZEROS], 2 ** 40);
    expect((await read(blockReader(map, 0)(0, 1024 * 1024), pages(0))).result).toHaveLength(1024 * 1024);
    expect((await read(blockReader(map, 0)(0, 1024 * 1024 + 1), pages(0))).result).toMatchObject({ reason: 'budget' });
  });

  it.each([['known', BLOCK * 2 - 100] as const, ['unknown', null] as const])(
    'zeros behind the end of a file of %s size, but not for a block that begins there',
    async (_, size) => {
      const file = pages(2).subarray(0, BLOCK * 2 - 100);
      const cut = await read(blockReader(mapOf([stored(BLOCK)]), size)(0, BLOCK), file);
      expect(cut.result).toEqual(new Uint8Array(BLOCK).fill(2, 0, BLOCK - 100));
      const behind = await read(blockReader(mapOf([stored(BLOCK)]), size)(BLOCK - 50, 50), file);
      if (size === null) expect(behind.result).toMatchObject({ reason: 'truncated' });
      else expect(behind.result).toEqual(new Uint8Array(50));
      const lost = await read(blockReader(mapOf([stored(BLOCK * 2 - 100)]), size)(0, 10), file);
      expect(lost.result).toMatchObject({ reason: 'truncated' });
      const second = await read(blockReader(mapOf([stored(BLOCK), stored(BLOCK * 2)]), size)(0, BLOCK * 2), file);
      expect(second.result).toMatchObject({ reason: 'truncated' });
    },
  );

  it('does not take a short answer within the file for zeros', async () => {
    const { result } = await read(blockReader(mapOf([stored(0)]), BLOCK)(0, BLOCK), pages(1).subarray(0, 100));
    expect(result).toMatchObject({ reason: 'truncated' });
  });

  describe('compressed blocks', () => {
    const content = Uint8Array.from({ length: 2 * BLOCK }, (_, index) => (index < BLOCK ? 7 : 8));
    const packed = deflateRawSync(content);
    const file = new Uint8Array([...new Uint8Array(BLOCK), ...packed]);
    const piece = (skip: number, more: object = {}): BlockPlace => ({
      kind: 'compressed',
      compression: 'deflate-raw',
      offset: BLOCK,
      length: BLOCK,
      skip,
      shortfall: 'lost',
      ...more,
    });

    it('that share a piece are expanded once', async () => {
      const map = mapOf([piece(BLOCK), piece(0)]);
      const { result, asks } = await read(blockReader(map, file.length)(10, 2 * BLOCK - 20), file);
      const whole = new Uint8Array(2 * BLOCK).fill(8, 0, BLOCK).fill(7, BLOCK);
      expect(result).toEqual(whole.subarray(10, 2 * BLOCK - 10));
      expect(ranges(asks)).toEqual([
        [BLOCK, BLOCK],
        ['expand', 2 * BLOCK],
      ]);
    });

    it('ask for no more input than what is wanted can need', async () => {
      const map = mapOf([piece(0, { length: 4 * 1024 * 1024 })], 2 * 1024 * 1024);
      const { asks } = await read(blockReader(map, file.length)(0, BLOCK), file);
      expect(ranges(asks)).toEqual([
        [BLOCK, BLOCK + 256 * 1024],
        ['expand', BLOCK],
      ]);
    });

    it('that expand to too little are lost, or end in zeros where the format says so', async () => {
      const lost = await read(blockReader(mapOf([piece(BLOCK + 1)]), file.length)(0, BLOCK), file);
      expect(lost.result).toMatchObject({ reason: 'malformed' });
      const short = await read(blockReader(mapOf([piece(BLOCK + 1, { shortfall: 'zeros' })]), null)(0, BLOCK), file);
      expect(short.result).toEqual(new Uint8Array(BLOCK).fill(8, 0, BLOCK - 1));
    });

    it('of no bytes, or past the end, are lost', async () => {
      const none = await read(blockReader(mapOf([piece(0, { length: 0 })]), file.length)(0, 1), file);
      expect(none.result).toMatchObject({ reason: 'malformed' });
      const past = await read(blockReader(mapOf([piece(0, { offset: file.length })]), file.length)(0, 1), file);
      expect(past.result).toMatchObject({ reason: 'truncated' });
      const unknown = await read(blockReader(mapOf([piece(0, { offset: file.length })]), null)(0, 1), file);
      expect(unknown.result).toMatchObject({ reason: 'truncated' });
    });
  });
});
