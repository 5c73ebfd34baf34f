import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { expandEnd, expandHead } from '../../src/probe/expand/expand.ts';
import type { Compression } from '../../src/probe/reading/reading.ts';
import { openWorkshop, type ImageWorkshop } from '../support/images/image-workshop.ts';
import { randomOf } from './fuzz/random.ts';

const LIMIT = 1 << 20;

let shop: ImageWorkshop;
beforeAll(() => {
  shop = openWorkshop();
  shop.write('nothing', '');
  shop.write('one', text(90_000, 1));
  shop.write('two', text(150_000, 2));
});
afterAll(() => shop.close());

function text(length: number, seed: number): Buffer {
  const random = randomOf(seed);
  return Buffer.from(Array.from({ length }, () => 97 + (random.below(3) === 0 ? random.below(26) : 0)));
}

type Tool = readonly [Compression, tool: string, ...options: string[]];

const GZIP: Tool = ['gzip', 'gzip'];
const BZIP2: Tool = ['bzip2', 'bzip2', '-1'];
const XZ: Tool = ['xz', 'xz'];
const LZIP: Tool = ['lzip', 'lzip'];
const ZSTD: Tool = ['zstd', 'zstd', '-q'];
const LZ4: Tool = ['lz4-frame', 'lz4', '-q', '--content-size'];
const LEGACY: Tool = ['lz4-legacy', 'lz4', '-q', '-l'];

const packed = ([, tool, ...options]: Tool, file: string): Uint8Array => {
  shop.pipe('packed', tool, ...options, '-c', shop.path(file));
  return shop.bytes('packed');
};

const plain = (): Buffer => Buffer.concat([shop.bytes('one'), shop.bytes('two')]);

async function expectPlain(compression: Compression, input: Uint8Array, expected: Uint8Array): Promise<void> {
  const head = await expandHead(compression, input, LIMIT);
  expect(head.length).toBe(expected.length);
  expect(Buffer.compare(head, expected)).toBe(0);
  const end = await expandEnd(compression, input, LIMIT);
  expect(end.size).toBe(expected.length);
  expect(Buffer.compare(end.tail, expected.subarray(-1024))).toBe(0);
}

const SKIPPABLE = Buffer.from([0x5c, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

describe.each([GZIP, BZIP2, XZ, LZIP, ZSTD, LZ4, LEGACY].map((tool) => ({ name: tool[0], tool })))(
  '$name',
  ({ tool }) => {
    const [compression] = tool;

    test('one stream ends, and its last bytes are known', async () => {
      await expectPlain(compression, packed(tool, 'one'), shop.bytes('one'));
    });

    test('goes on in the next stream, behind empty ones too', async () => {
      const empty = packed(tool, 'nothing');
      const [one, two] = [packed(tool, 'one'), packed(tool, 'two')];
      await expectPlain(compression, Buffer.concat([one, two]), plain());
      await expectPlain(compression, Buffer.concat([empty, empty, one, empty, two]), plain());
    });

    test('a match does not reach into the stream before', async () => {
      const twice = Buffer.concat([packed(tool, 'two'), packed(tool, 'two')]);
      await expectPlain(compression, twice, Buffer.concat([shop.bytes('two'), shop.bytes('two')]));
    });

    test('no end is seen where the input is cut, or goes on beyond the limit', async () => {
      const input = packed(tool, 'two');
      // The last bytes of a legacy frame are those of its last block; of the others some are a mark or a checksum.
      for (const length of [input.length - 1, input.length - 9, input.length >> 1]) {
        await expect(expandEnd(compression, input.subarray(0, length), LIMIT)).rejects.toMatchObject({
          reason: 'truncated',
        });
      }
      await expect(expandEnd(compression, input, 100_000)).rejects.toMatchObject({ reason: 'truncated' });
    });
  },
);

describe('frames', () => {
  test('of zstd and LZ4 follow each other in any order, skippable ones between them', async () => {
    const [zstd, lz4, legacy] = [ZSTD, LZ4, LEGACY].map((tool) => packed(tool, 'one'));
    if (zstd === undefined || lz4 === undefined || legacy === undefined) throw new Error('no frames');
    const one = shop.bytes('one');
    const all = Buffer.concat([one, one, one]);
    await expectPlain('zstd', Buffer.concat([SKIPPABLE, zstd, SKIPPABLE, legacy, lz4]), all);
    await expectPlain('lz4-legacy', Buffer.concat([legacy, SKIPPABLE, zstd, lz4]), all);
    await expectPlain('lz4-frame', Buffer.concat([SKIPPABLE, SKIPPABLE, lz4, legacy, zstd]), all);
  });

  test('that are skippable and longer than the input end it', async () => {
    const endless = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 255, 255, 255, 255, 1]);
    await expect(expandHead('zstd', endless, LIMIT)).rejects.toMatchObject({ reason: 'malformed' });
    await expect(expandEnd('zstd', Buffer.concat([SKIPPABLE, endless]), LIMIT)).rejects.toMatchObject({
      reason: 'truncated',
    });
  });

  test('by pzstd begin with a skippable one', async () => {
    const input = packed(['zstd', 'pzstd', '-q'], 'two');
    expect(Buffer.from(input).readUInt32LE(0)).toBe(0x184d2a50);
    await expectPlain('zstd', input, shop.bytes('two'));
  });
});

describe('xz', () => {
  test('reads on behind stream padding, four zeros at a time', async () => {
    const [empty, one, two] = ['nothing', 'one', 'two'].map((file) => packed(XZ, file));
    if (empty === undefined || one === undefined || two === undefined) throw new Error('no streams');
    const padding = Buffer.alloc(8);
    await expectPlain('xz', Buffer.concat([empty, padding, one, padding, padding, two, padding]), plain());
    await expectPlain('xz', Buffer.concat([one, Buffer.alloc(6), two]), shop.bytes('one'));
  });

  test('streams with different checks and many blocks', async () => {
    const one = packed(['xz', 'xz', '--check=sha256', '--block-size=10000'], 'one');
    const two = packed(['xz', 'xz', '--check=none', '--block-size=7777'], 'two');
    await expectPlain('xz', Buffer.concat([one, two]), plain());
  });
});

describe('bzip2', () => {
  test('streams of different levels', async () => {
    const [small, large] = [packed(BZIP2, 'one'), packed(['bzip2', 'bzip2', '-9'], 'two')];
    await expectPlain('bzip2', Buffer.concat([small, large]), plain());
    await expectPlain('bzip2', Buffer.concat([large, small]), Buffer.concat([shop.bytes('two'), shop.bytes('one')]));
  });
});

describe('gzip', () => {
  test('a wrong checksum, or a second member that is broken, is no end', async () => {
    const hurt = Buffer.from(gzipSync(shop.bytes('one')));
    hurt.writeUInt8(hurt.readUInt8(hurt.length - 8) ^ 1, hurt.length - 8);
    await expect(expandEnd('gzip', hurt, LIMIT)).rejects.toMatchObject({ reason: 'truncated' });
    const second = Buffer.concat([gzipSync(shop.bytes('one')), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])]);
    await expect(expandEnd('gzip', second, LIMIT)).rejects.toMatchObject({ reason: 'truncated' });
  });
});

describe('compress', () => {
  const lzw = (file: string, bits: number): Uint8Array => packed(['lzw', 'compress', '-f', '-b', String(bits)], file);

  // With 9 the program writes what it cannot read again.
  test.each([10, 12, 15, 16])('codes of %i bits at the most', async (bits) => {
    for (const file of ['one', 'two']) await expectPlain('lzw', lzw(file, bits), shop.bytes(file));
  });

  test('a table that is cleared, and runs of one byte', async () => {
    const random = randomOf(3);
    const noise = Buffer.from(Array.from({ length: 200_000 }, () => random.below(256)));
    shop.write('mixed', Buffer.concat([Buffer.alloc(300_000, 7), noise, shop.bytes('two'), Buffer.alloc(5000)]));
    for (const bits of [12, 16]) await expectPlain('lzw', lzw('mixed', bits), shop.bytes('mixed'));
  });

  test('a code that stands for nothing yet ends the output', async () => {
    // Codes of nine bits: 65, then 300.
    const input = Uint8Array.of(0x1f, 0x9d, 0x90, 65, (300 << 1) & 0xff, (300 << 1) >> 8, 0);
    expect(Buffer.from(await expandHead('lzw', input, 100)).toString('latin1')).toBe('A');
    await expect(expandEnd('lzw', input, 100)).rejects.toMatchObject({ reason: 'truncated' });
  });
});
