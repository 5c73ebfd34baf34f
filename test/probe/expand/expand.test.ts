import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { expandHead } from '../../../src/probe/expand/expand.ts';
import { Unreadable, type Compression } from '../../../src/probe/reading/reading.ts';
import { randomOf } from '../fuzz/random.ts';
import { bitsOf } from './support/bits.ts';

/** Plaintexts of different kinds: every decoder has paths that only one of them takes. */
const PLAIN = {
  text: textOf(700_000),
  machine: machineCode(400_000),
  random: noise(300_000),
  zeros: new Uint8Array(2_000_000),
  tiny: textOf(37),
};
type Kind = keyof typeof PLAIN;
const KINDS = Object.keys(PLAIN) as readonly Kind[];

/** Tools and options, each another shape of the format. */
const MADE: readonly (readonly [Compression, tool: string, ...options: string[]])[] = [
  ['gzip', 'gzip'],
  ['bzip2', 'bzip2', '-1'],
  ['bzip2', 'bzip2', '-9'],
  ['xz', 'xz'],
  ['xz', 'xz', '-9e'],
  ['xz', 'xz', '--check=crc32', '--block-size=30000'],
  ['xz', 'xz', '--check=none', '--lzma2=preset=6,lc=0,lp=2,pb=0'],
  ['xz', 'xz', '--check=sha256'],
  ['lzma', 'xz', '--format=lzma'],
  ['lzma', 'xz', '--format=lzma', '--lzma1=preset=6,lc=1,lp=3,pb=4'],
  ['zstd', 'zstd', '-1'],
  ['zstd', 'zstd', '--fast=7'],
  ['zstd', 'zstd', '-19', '--no-check'],
  ['zstd', 'zstd', '--ultra', '--long=27', '-20'],
  ['zstd', 'pzstd', '-q'],
  ['lzip', 'lzip'],
  ['lzip', 'lzip', '-0', '--member-size=100KiB'],
  ['lz4-frame', 'lz4'],
  ['lz4-frame', 'lz4', '-9', '-BD', '-B4', '-BX', '--content-size'],
  ['lz4-legacy', 'lz4', '-l'],
];

/** 4 MiB, and what the test runner itself allocates meanwhile. */
const MOST_MEMORY = 6 << 20;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'retype-expand-'));
  for (const kind of KINDS) writeFileSync(join(directory, kind), PLAIN[kind]);
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const kept = new Map<string, Uint8Array>();

function packed(kind: Kind, tool: string, options: readonly string[]): Uint8Array {
  const key = [kind, tool, ...options].join(' ');
  const held = kept.get(key) ?? pack(kind, tool, options);
  kept.set(key, held);
  return held;
}

function pack(kind: Kind, tool: string, options: readonly string[]): Uint8Array {
  // All of them write to standard output by -c and read a file; bytes behind the stream stand for the padding of a sector.
  const made = execFileSync(tool, [...options, '-c', join(directory, kind)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  });
  return Buffer.concat([made, Buffer.alloc(300)]);
}

describe.each(MADE.map(([compression, ...command]) => ({ compression, command })))(
  '$compression by $command',
  ({ compression, command: [tool, ...options] }) => {
    test.each(KINDS)('%s comes out as it went in, up to the limit', async (kind) => {
      const input = packed(kind, tool, options);
      for (const limit of [1, 4096, 69_632, 1 << 20]) {
        const output = await expandHead(compression, input, limit);
        expect(output.length).toBe(Math.min(limit, PLAIN[kind].length));
        expect(Buffer.compare(output, PLAIN[kind].subarray(0, output.length))).toBe(0);
      }
    });

    test('a cut input gives a prefix', async () => {
      const input = packed('text', tool, options);
      for (const length of [40, 1000, 30_000, 120_000]) {
        const output = await expandHead(compression, input.subarray(0, length), 1 << 20).catch(emptyIfUnreadable);
        expect(Buffer.compare(output, PLAIN.text.subarray(0, output.length))).toBe(0);
      }
    });

    test('garbage behind a good header ends in an answer', async () => {
      const input = packed('text', tool, options);
      const random = randomOf(1);
      for (let index = 0; index < 30; index += 1) {
        const hurt = new Uint8Array(input.subarray(0, 60_000));
        for (let left = 0; left < 4; left += 1) hurt[10 + random.below(2000)] = random.below(256);
        const output = await expandHead(compression, hurt, 69_632).catch(emptyIfUnreadable);
        expect(output.length).toBeLessThanOrEqual(69_632);
      }
    });
  },
);

describe('deflate', () => {
  test.each([
    ['zlib', deflateSync],
    ['deflate-raw', deflateRawSync],
    ['gzip', gzipSync],
  ] as const)('%s: whole, cut by the limit, cut input, damage in the middle', async (compression, compress) => {
    const plain = PLAIN.text.subarray(0, 100_000);
    const input = compress(plain);
    expect(await same(compression, Buffer.concat([input, Buffer.alloc(512, 7)]), 100_000, plain)).toBe(100_000);
    expect(await same(compression, input, 5000, plain)).toBe(5000);
    expect(await same(compression, input.subarray(0, input.length / 2), 100_000, plain)).toBeGreaterThan(20_000);
    const hurt = Buffer.from(input);
    hurt.fill(0xff, hurt.length / 2, hurt.length / 2 + 100);
    const output = await expandHead(compression, hurt, 100_000);
    expect(output.length).toBeGreaterThan(10_000);
  });
});

describe('hostile headers', () => {
  test('a dictionary of 4 GiB in an .xz header costs nothing', async () => {
    const input = Buffer.from(packed('text', 'xz', []));
    // Block header: filter 0x21, one property byte at 12 + 4; its CRC is not what a decoder of heads needs.
    expect(input[14]).toBe(0x21);
    input[16] = 40;
    expect(await grownBy(() => expandHead('xz', input, 69_632))).toBeLessThan(MOST_MEMORY);
  });

  test('a dictionary of 4 GiB in an .lzma header costs nothing', async () => {
    const input = Buffer.from(packed('text', 'xz', ['--format=lzma']));
    input.writeUInt32LE(0xffff_ffff, 1);
    expect(await grownBy(() => expandHead('lzma', input, 69_632))).toBeLessThan(MOST_MEMORY);
  });

  test('a window of 3.75 TiB in a zstd header costs nothing', async () => {
    const made = packed('text', 'zstd', ['-19', '--no-check', '--no-content-size']);
    // Behind magic and descriptor stands the window descriptor, where the frame is no single segment.
    const descriptor = made[4] ?? 0;
    const bare = made.subarray((descriptor & 0x20) === 0 ? 6 : 5 + sizeLength(descriptor));
    const input = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xff]), bare]);
    expect(await grownBy(() => expandHead('zstd', input, 69_632))).toBeLessThan(MOST_MEMORY);
  });

  test('a zstd block whose matches would write gigabytes stops at the limit', async () => {
    // One-symbol tables: no literals, the last distance again, matches of 65,539 to 131,074 bytes; 65,000 of them in one block.
    const sequences = 65_000;
    const bits = Buffer.alloc(Math.ceil((sequences * 16) / 8) + 1, 0xff);
    bits[bits.length - 1] = 1;
    const literals = Buffer.from([1 << 3, 0x41]);
    const count = sequences - 0x7f00;
    const header = Buffer.from([0xff, count & 0xff, count >> 8, 0b01_01_01_00, 1, 0, 52]);
    const body = Buffer.concat([literals, header, bits]).subarray(0, 128 * 1024);
    const block = Buffer.from([
      ((body.length << 3) | (2 << 1) | 1) & 0xff,
      (body.length >> 5) & 0xff,
      body.length >> 13,
    ]);
    const input = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), block, body]);
    expect(Buffer.compare(await expandHead('zstd', input, 69_632), Buffer.alloc(69_632, 0x41))).toBe(0);
  });

  test('matches that reach before the beginning end the output, they are not zeros', async () => {
    const zstd = (offsetCode: number): Uint8Array => {
      const body = [1 << 3, 0x41, 1, 0b01_01_01_00, 1, offsetCode, 0, 0xff];
      const head = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, (body.length << 3) | (2 << 1) | 1, 0, 0];
      return Uint8Array.from([...head, ...body]);
    };
    // The last distance, which is 1 at first, behind one literal; and a distance of 8 and more.
    expect(Buffer.from(await expandHead('zstd', zstd(0), 100)).toString('latin1')).toBe('AAAA');
    expect(Buffer.from(await expandHead('zstd', zstd(3), 100)).toString('latin1')).toBe('A');
    const lz4 = (distance: number): Uint8Array =>
      Uint8Array.of(2, 0x21, 0x4c, 0x18, 4, 0, 0, 0, 0x10, 0x41, distance, 0);
    expect(Buffer.from(await expandHead('lz4-legacy', lz4(1), 100)).toString('latin1')).toBe('AAAAA');
    expect(Buffer.from(await expandHead('lz4-legacy', lz4(2), 100)).toString('latin1')).toBe('A');
  });

  test('a bzip2 block with a run longer than the block is broken', async () => {
    const runOf = (digits: number): Uint8Array =>
      bitsOf([
        [0x425a_6831, 32],
        [0x3141_59, 24],
        [0x2653_59, 24],
        [0, 32],
        [0, 1],
        [0, 24],
        // One byte occurs: A, the second of the fifth group.
        [0x0800, 16],
        [0x4000, 16],
        [2, 3],
        [1, 15],
        [0, 1],
        // Two codes, each of three words of two bits.
        [2, 5],
        [0, 3],
        [2, 5],
        [0, 3],
        ...Array.from({ length: digits }, (): readonly [number, number] => [1, 2]),
        [2, 2],
        [0, 32],
      ]);
    // Two digits are six bytes: four, and how often the next is repeated.
    expect((await expandHead('bzip2', runOf(2), 1000)).length).toBeGreaterThan(4);
    for (const digits of [17, 25, 45]) {
      await expect(expandHead('bzip2', runOf(digits), 1000)).rejects.toMatchObject({ reason: 'malformed' });
    }
  });

  test('a zstd description of Huffman weights that take no bits ends', async () => {
    // One symbol has the whole distribution, so that no step moves on in the stream. fzstd 0.1.1 never ends here.
    const weights = [0xf0, 0x03, 0xff, 0xff, 0xff, 0x01];
    const streams = [0xff, 0x01];
    const header = 2 | (8 << 4) | ((1 + weights.length + streams.length) << 14);
    const body = [header & 255, (header >> 8) & 255, header >> 16, weights.length, ...weights, ...streams, 0];
    const input = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, (body.length << 3) | (2 << 1) | 1, 0, 0, ...body);
    await expect(expandHead('zstd', input, 69_632)).rejects.toMatchObject({ reason: 'malformed' });
  });

  test('a bomb of each method stays within its limit', async () => {
    for (const [compression, tool, ...options] of MADE) {
      const output = await expandHead(compression, packed('zeros', tool, options), 69_632);
      expect(output.length).toBe(69_632);
    }
  });

  test('no method takes more than a few megabytes beside its output', async () => {
    for (const [compression, tool, ...options] of MADE) {
      const input = packed('text', tool, options);
      expect(await grownBy(() => expandHead(compression, input, 69_632)), `${tool} ${options.join(' ')}`).toBeLessThan(
        MOST_MEMORY,
      );
    }
  });
});

describe('what cannot be expanded', () => {
  const METHODS: readonly Compression[] = [
    'gzip',
    'zlib',
    'deflate-raw',
    'bzip2',
    'xz',
    'lzma',
    'zstd',
    'lz4-frame',
    'lz4-legacy',
    'lzip',
    'lzw',
  ];

  test.each(METHODS)('%s: no bytes, noise and ones are unreadable, not an error', async (compression) => {
    for (const input of [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(2000).fill(0xff)]) {
      await expect(expandHead(compression, input, 4096)).rejects.toBeInstanceOf(Unreadable);
    }
  });

  test('xz with a filter for machine code is not half understood', async () => {
    const input = packed('text', 'xz', ['--x86', '--lzma2']);
    await expect(expandHead('xz', input, 4096)).rejects.toMatchObject({ reason: 'unsupported' });
  });

  test('a bzip2 block without its end gives nothing rather than noise', async () => {
    await expect(expandHead('bzip2', packed('text', 'bzip2', ['-9']).subarray(0, 5000), 4096)).rejects.toMatchObject({
      reason: 'malformed',
    });
  });
});

async function same(compression: Compression, input: Uint8Array, limit: number, plain: Uint8Array): Promise<number> {
  const output = await expandHead(compression, input, limit);
  expect(Buffer.compare(output, plain.subarray(0, output.length))).toBe(0);
  return output.length;
}

/** Bytes of array buffers allocated by a call, as far as they are not collected yet. */
async function grownBy(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  await work();
  return process.memoryUsage().arrayBuffers - before;
}

function sizeLength(descriptor: number): number {
  const code = descriptor >> 6;
  return code === 0 ? 1 : 1 << code;
}

function emptyIfUnreadable(error: unknown): Uint8Array {
  if (error instanceof Unreadable) return new Uint8Array(0);
  throw error;
}

/** Words in an order that repeats now and then, with numbers between them. */
function textOf(length: number): Uint8Array {
  const random = randomOf(7);
  const words = ['container', 'image', 'kernel', 'ramdisk', 'disk', 'the', 'of', 'and', 'glance', 'filesystem'];
  let text = '';
  while (text.length < length)
    text += `${words[random.below(words.length)] ?? ''} ${random.below(3) === 0 ? random.below(1e6) : ''}`;
  return Buffer.from(text.slice(0, length), 'latin1');
}

/** Part of the program that runs this: matches at every distance, repeated ones among them. */
function machineCode(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const file = openSync(process.execPath, 'r');
  readSync(file, bytes, 0, length, 20_000_000);
  closeSync(file);
  return bytes;
}

function noise(length: number): Uint8Array {
  const random = randomOf(9);
  return Uint8Array.from({ length }, () => random.below(256));
}
