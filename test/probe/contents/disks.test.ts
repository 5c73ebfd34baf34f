import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ContentWindow } from '../../../src/probe/contents/sighting/sighting.ts';
import { hasGuidPartitionTable, recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { installed, run, sparse, workplace, writeTable } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const SIZE = 64 * 1024 * 1024;
const directory = workplace();

function partitioned(script: string): string {
  return writeTable(sparse(join(directory, 'disk'), SIZE), script);
}

/** sgdisk waits for a second after it has written, so every table is made once. */
const tables = new Map<string, ContentWindow>();

function once(key: string, make: () => string): ContentWindow {
  const window = tables.get(key) ?? fileWindow(make());
  tables.set(key, window);
  return window;
}

function gpt(...args: readonly string[]): ContentWindow {
  return once(`gpt ${args.join(' ')}`, () => {
    const path = sparse(join(directory, 'disk'), SIZE);
    run('sgdisk', ['-n', '1:2048:+32M', ...args, path]);
    return path;
  });
}

const gptBytes = (...args: readonly string[]): Uint8Array => gpt(...args).bytes.bytes.slice();
const mbrBytes = (): Uint8Array => once('mbr', () => partitioned('2048,,83\n')).bytes.bytes.slice();
const safetyOf = (bytes: Uint8Array): unknown => recogniseContent(windowOf(bytes, { guestSize: SIZE }));

/** The same table for sectors of 4096 bytes: header in block 1, entries in block 2; positions inside keep their block numbers. */
function with4096(original: Uint8Array): Uint8Array {
  const header = original.slice(512, 604).fill(0, 16, 20);
  const checksum = le(crc32(header), 4);
  return patched(bytesWith([[0, original.slice(0, 512)]]), [
    [4096, header],
    [4112, checksum],
    [8192, original.slice(1024, 1024 + 16_384)],
  ]);
}

/** Sets bytes of a GPT header and signs it again, as long as it then says it is. */
function resigned(original: Uint8Array, patches: readonly Patch[]): Uint8Array {
  const bytes = patched(original, [...patches, [528, [0, 0, 0, 0]]]);
  const length = new DataView(bytes.buffer).getUint32(524, true);
  return patched(bytes, [[528, le(crc32(bytes.slice(512, 512 + length)), 4)]]);
}

describe('partition tables of real tools', () => {
  it.each([
    ['MBR', '2048,,83\n', 'disk likely MBR'],
    ['MBR with an extended partition', '2048,20000,83\n,,5\n,10000,83\n', 'disk likely MBR'],
    ['GPT of sfdisk', 'label: gpt\n2048,,\n', 'disk certain GPT'],
    ['Sun label', 'label: sun\n,,\n', 'disk certain Sun disk label'],
    ['SGI label', 'label: sgi\n,,\n', 'disk certain SGI disk label'],
  ])('%s', (_, script, line) => {
    const window = fileWindow(partitioned(script));
    expect(verdictOf(window)).toBe(line);
    expect(recogniseContent(window)).toMatchObject({ safety: [], alsoReadAs: [] });
  });

  it('GPT of sgdisk: header and entries are summed', () => {
    const content = recogniseContent(gpt());
    expect(content).toMatchObject({ imageType: 'disk', confidence: 'certain', safety: [] });
    expect(content).toHaveProperty('evidence.1.detail', 'GPT entries: checksum holds');
  });

  it('GPT on sectors of 4096 bytes, whether the sector size is known or not', () => {
    const bytes = with4096(gptBytes());
    expect(verdictOf(windowOf(bytes, { sectorSize: 4096 }))).toBe('disk certain GPT');
    expect(verdictOf(windowOf(bytes))).toBe('disk certain GPT');
    expect(hasGuidPartitionTable(windowOf(bytes))).toBe(true);
  });

  it('a disk with GRUB in the gap is no Multiboot kernel', () => {
    const core = join(directory, 'core.img');
    run('grub-mkimage', ['-O', 'i386-pc', '-p', '/boot/grub', '-o', core, 'biosdisk', 'part_msdos', 'ext2']);
    const [boot, image] = [readFileSync(installed('grubBoot')), readFileSync(core)];
    const disk = patched(mbrBytes(), [
      [0, boot.subarray(0, 440)],
      [512, image.subarray(0, 60_000)],
    ]);
    expect(verdictOf(windowOf(disk, { guestSize: SIZE }))).toBe('disk likely MBR');
    expect(verdictOf(windowOf(new Uint8Array(image)))).toBe('unknown');
  });
});

describe('a master boot record', () => {
  const broken: readonly (readonly [string, Patch, string])[] = [
    ['a boot mark that is none', [446, [0x81]], 'unknown'],
    ['no entry in use', [450, [0]], 'unknown'],
    ['an empty entry', [458, [0, 0, 0, 0]], 'unknown'],
    ['an entry from sector 0', [454, [0, 0, 0, 0]], 'unknown'],
    ['no signature', [510, [0, 0]], 'unknown'],
    ['the second entry with an odd boot mark', [462, [0x12]], 'unknown'],
    ['an active entry', [446, [0x80]], 'disk likely MBR'],
    ['an entry that protects a GPT', [450, [0xee]], 'disk weak protective MBR'],
  ];
  it.each(broken)('%s', (_, patch, line) => {
    expect(verdictOf(windowOf(patched(mbrBytes(), [patch]), { guestSize: SIZE }))).toBe(line);
  });

  it('whose partition lies beyond the image is a disk cut short', () => {
    const sector = mbrBytes().slice(0, 512);
    expect(recogniseContent(windowOf(sector, { guestSize: 512 }))).toMatchObject({
      imageType: 'disk',
      confidence: 'weak',
      safety: ['TRUNCATED'],
    });
    expect(verdictOf(windowOf(sector))).toBe('disk likely MBR');
  });

  it('counts in sectors of the guest', () => {
    const beyond = patched(mbrBytes(), [[454, le(16_384, 4)]]);
    expect(verdictOf(windowOf(beyond, { guestSize: SIZE, sectorSize: 512 }))).toBe('disk likely MBR');
    expect(verdictOf(windowOf(beyond, { guestSize: SIZE, sectorSize: 4096 }))).toBe('disk weak MBR');
  });
});

describe('a GPT', () => {
  it.each([
    ['header', 512 + 40],
    ['header checksum', 512 + 16],
  ])('with a changed %s is only its protective MBR', (_, offset) => {
    const bytes = gptBytes();
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    expect(verdictOf(windowOf(bytes, { guestSize: SIZE }))).toBe('disk weak protective MBR');
    expect(hasGuidPartitionTable(windowOf(bytes))).toBe(false);
  });
  const wrong: readonly (readonly [string, Patch])[] = [
    ['another block', [536, le(2n, 8)]],
    ['a header longer than its block', [524, le(513, 4)]],
    ['a header too short', [524, le(91, 4)]],
    ['entries of 100 bytes', [596, le(100, 4)]],
    ['another revision', [520, [0, 0, 2, 0]]],
  ];
  it.each(wrong)('that names %s is none, though its checksum holds', (_, patch) => {
    expect(verdictOf(windowOf(resigned(gptBytes(), [patch])))).toBe('disk weak protective MBR');
  });
  it('with entries that do not add up is likely', () => {
    const bytes = patched(gptBytes(), [[1024 + 60, [1]]]);
    expect(verdictOf(windowOf(bytes, { guestSize: SIZE }))).toBe('disk likely GPT');
  });
  it.each([
    [3, 0xffff_ffff],
    [0xffff_ffff_ffffn, 128],
  ])('with entries at block %s, %d of them, is not read beyond the window', (block, count) => {
    const bytes = resigned(gptBytes(), [
      [584, le(block, 8)],
      [592, le(count, 4)],
    ]);
    expect(verdictOf(windowOf(bytes, { guestSize: SIZE }))).toBe('disk likely GPT');
  });
  it('of a disk one sector longer was cut, too', () => {
    expect(safetyOf(gptBytes())).toMatchObject({ safety: [] });
    const content = recogniseContent(windowOf(gptBytes(), { guestSize: SIZE - 512 }));
    expect(content).toMatchObject({ safety: ['TRUNCATED'] });
  });
  it('of a longer disk was cut', () => {
    expect(recogniseContent(windowOf(gptBytes(), { guestSize: SIZE / 2 }))).toMatchObject({
      imageType: 'disk',
      confidence: 'likely',
      safety: ['TRUNCATED'],
    });
  });

  const odd: readonly (readonly [string, Patch])[] = [
    ['boot mark', [446, [0x01]]],
    ['start sector', [454, le(2, 4)]],
    ['start head', [447, [1]]],
    ['second entry', [466, [0x83]]],
  ];
  it.each(odd)('with an odd %s in its protective MBR cannot be uploaded again', (_, patch) => {
    expect(safetyOf(patched(gptBytes(), [patch]))).toMatchObject({ imageType: 'disk', safety: ['GPT_NONSTANDARD'] });
  });
  it('with a hybrid MBR of sgdisk cannot be uploaded again', () => {
    expect(safetyOf(gptBytes('-h', '1'))).toMatchObject({ confidence: 'certain', safety: ['GPT_NONSTANDARD'] });
  });
  it('with an active protective entry can', () => {
    expect(safetyOf(patched(gptBytes(), [[446, [0x80]]]))).toMatchObject({ safety: [] });
  });
  it('without protective MBR is weak, and yields to anything else', () => {
    const bytes = patched(gptBytes(), [[446, new Uint8Array(66)]]);
    expect(safetyOf(bytes)).toMatchObject({ imageType: 'disk', confidence: 'weak', safety: [] });
    expect(
      verdictOf(
        windowOf(
          patched(bytes, [
            [4120, BCACHE],
            [4104, [8]],
          ]),
        ),
      ),
    ).toBe('other likely bcache member');
  });
});

const BCACHE = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];

describe('labels of sfdisk', () => {
  it.each([
    ['Sun', 'label: sun\n,,\n', 130],
    ['SGI', 'label: sgi\n,,\n', 300],
  ])('a %s label with a changed byte is none', (_, script, offset) => {
    const bytes = fileWindow(partitioned(script)).bytes.bytes.slice();
    bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
    expect(verdictOf(windowOf(bytes))).toBe('unknown');
  });
});
