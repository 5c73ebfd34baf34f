import { createCipheriv } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WINDOW_LENGTH } from '../../../src/probe/reading/fields.ts';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, sparse, tree, workplace, writeTable } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { bytesWith, le, type Patch, verdictOf, windowOf } from './support/windows.ts';

const MIB = 1024 * 1024;
const directory = workplace();

/** Random bytes that are the same in every run. */
function noise(length: number, seed: number): Uint8Array {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return new Uint8Array(cipher.update(Buffer.alloc(length)));
}

describe('random data', () => {
  it('is never taken for an image, 100,000 windows', () => {
    const windows = 100_000;
    const step = 257;
    const pool = noise(windows * step + WINDOW_LENGTH, 1);
    const recognised: string[] = [];
    for (let index = 0; index < windows; index += 1) {
      const start = index * step;
      const content = recogniseContent(windowOf(pool.subarray(start, start + WINDOW_LENGTH)));
      if (content.kind !== 'unknown') recognised.push(`${start}: ${content.kind}`);
    }
    expect(recognised).toEqual([]);
  });

  const short: readonly (readonly [string, readonly Patch[]])[] = [
    ['55 AA', [[510, [0x55, 0xaa]]]],
    [
      '55 AA behind a jump',
      [
        [0, [0xeb, 0x3c, 0x90]],
        [510, [0x55, 0xaa]],
      ],
    ],
    ['ext', [[1080, le(0xef53, 2)]]],
    ['MINIX 1', [[1040, le(0x137f, 2)]]],
    ['MINIX 2', [[1040, le(0x2478, 2)]]],
    ['MINIX 3', [[1048, le(0x4d5a, 2)]]],
    ['NILFS2', [[1030, le(0x3434, 2)]]],
    ['HFS', [[1024, 'BD']]],
    ['cpio binary', [[0, [0xc7, 0x71]]]],
    ['Sun', [[508, [0xda, 0xbe]]]],
    ['PE', [[0, 'MZ']]],
    ['Apple', [[0, 'ER']]],
    ['SGI', [[0, [0x0b, 0xe5, 0xa9, 0x41]]]],
    ['XFS', [[0, 'XFSB']]],
    ['F2FS', [[1024, [0x10, 0x20, 0xf5, 0xf2]]]],
    ['JFS', [[32_768, 'JFS1']]],
    ['MD', [[4096, le(0xa92b4efc, 4)]]],
    ['ELF', [[0, '\x7fELF']]],
    ['device tree', [[0, [0xd0, 0x0d, 0xfe, 0xed]]]],
    ['ISO 9660', [[32_769, 'CD001']]],
    ['APFS', [[32, 'NXSB']]],
    ['arm64', [[56, 'ARM\x64']]],
  ];
  it.each(short)('with the magic of %s is nothing more, 1,000 windows', (_, patches) => {
    const pool = noise(1000 * 64 + WINDOW_LENGTH, 2);
    const window = new Uint8Array(WINDOW_LENGTH);
    const kinds = new Set<string>();
    for (let index = 0; index < 1000; index += 1) {
      window.set(pool.subarray(index * 64, index * 64 + WINDOW_LENGTH));
      for (const [offset, data] of patches)
        window.set(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, offset);
      kinds.add(recogniseContent(windowOf(window)).kind);
    }
    expect([...kinds]).toEqual(['unknown']);
  });
});

describe('zeros and nothing', () => {
  it('a window of zeros is blank', () => {
    expect(verdictOf(windowOf(bytesWith([])))).toBe('blank');
    expect(verdictOf(windowOf(new Uint8Array(1)))).toBe('blank');
  });
  it('one byte at the end is not', () =>
    expect(verdictOf(windowOf(bytesWith([[WINDOW_LENGTH - 1, [1]]])))).toBe('unknown'));
  it('no bytes at all are unknown', () => expect(verdictOf(windowOf(new Uint8Array(0)))).toBe('unknown'));
  it.each(['compressed', 'archived'])('%s data is left to the envelopes', (kind) => {
    const files = tree(directory);
    const packed = join(directory, 'packed');
    run('tar', [kind === 'compressed' ? '-czf' : '-cf', packed, files]);
    expect(verdictOf(fileWindow(packed))).toBe('unknown');
  });
});

/** Real images of several kinds, quick to make. */
function images(): readonly (readonly [string, Uint8Array])[] {
  const image = (name: string, size: number, make: (path: string) => void): readonly [string, Uint8Array] => {
    const path = sparse(join(directory, name), size);
    make(path);
    return [name, fileWindow(path).bytes.bytes];
  };
  const files = tree(directory);
  return [
    image('GPT', 64 * MIB, (path) => writeTable(path, 'label: gpt\n2048,,\n')),
    image('MBR', 64 * MIB, (path) => writeTable(path, '2048,,83\n')),
    image('ext4', 8 * MIB, (path) => run('mke2fs', ['-q', '-F', '-t', 'ext4', path])),
    image('Btrfs', 128 * MIB, (path) => run('mkfs.btrfs', ['-q', path])),
    image('FAT32', 64 * MIB, (path) => run('mkfs.fat', ['-F', '32', path])),
    image('exFAT', 8 * MIB, (path) => run('mkfs.exfat', [path])),
    image('swap', MIB, (path) => run('mkswap', ['-q', path])),
    image('ISO 9660', 0, (path) => run('genisoimage', ['-quiet', '-o', path, files])),
    image('cpio', 0, (path) =>
      run('cpio', ['-o', '--quiet', '-H', 'newc', '-F', path], { cwd: files, input: 'data\n' }),
    ),
    image('U-Boot', 0, (path) =>
      run('mkimage', ['-A', 'arm', '-T', 'kernel', '-C', 'none', '-d', join(files, 'data'), path]),
    ),
  ];
}

describe('damaged images', () => {
  const originals = images();
  it.each(originals)('%s cut at any place throws nothing and never becomes another type', (_, bytes) => {
    const expected = recogniseContent(windowOf(bytes));
    if (expected.kind !== 'typed') throw new Error('the sample is not recognised');
    const seen = new Set<string>();
    const lengths = [
      ...Array.from({ length: 1300 }, (_, index) => index),
      ...Array.from({ length: 271 }, (_, index) => index * 257),
    ];
    for (const length of lengths) {
      const content = recogniseContent(windowOf(bytes.subarray(0, length), { guestSize: length }));
      seen.add(content.kind === 'typed' ? content.imageType : content.kind);
    }
    expect(['blank', 'unknown', expected.imageType]).toEqual(expect.arrayContaining([...seen]));
  });
  it.each(originals)('%s with changed bytes throws nothing', (_, bytes) => {
    const random = noise(40_000, 3);
    const kinds = new Set<string>();
    const view = new DataView(random.buffer, random.byteOffset, random.length);
    for (let round = 0; round < 1000; round += 1) {
      const window = bytes.slice();
      const changes = 1 + (view.getUint8(round * 40) % 4);
      for (let change = 0; change < changes; change += 1) {
        const at = round * 40 + change * 9;
        const place = view.getUint32(at + 1) % (round % 2 === 0 ? 2048 : window.length);
        window.set([view.getUint8(at + 5), view.getUint8(at + 6)].slice(0, window.length - place), place);
      }
      const content = recogniseContent(windowOf(window, { guestSize: view.getUint32(round * 40 + 36) }));
      kinds.add(content.kind);
    }
    expect(['typed', 'contested', 'encrypted', 'unknown', 'blank']).toEqual(expect.arrayContaining([...kinds]));
  });
});
