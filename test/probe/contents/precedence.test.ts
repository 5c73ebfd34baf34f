import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, sparse, tree, workplace, writeTable } from './support/real-tools.ts';
import { be, bytesWith, fileWindow, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const MIB = 1024 * 1024;
const directory = workplace();
const made = new Map<string, string>();

const words = (args: string): readonly string[] => args.split(' ').filter((word) => word !== '');

/** A volume of 128 MiB (320 for XFS), made once and copied for each test. */
function volume(tool: string, args: string): string {
  const key = `${tool} ${args}`;
  const original =
    made.get(key) ?? sparse(join(directory, `original-${made.size}`), (tool === 'mkfs.xfs' ? 320 : 128) * MIB);
  if (!made.has(key)) run(tool, [...words(args), original]);
  made.set(key, original);
  const copy = join(directory, 'image');
  run('cp', ['--sparse=always', original, copy]);
  return copy;
}

/** Writes a partition table and leaves what is there. */
function partition(path: string, label: 'dos' | 'gpt'): string {
  return writeTable(path, `label: ${label}\n2048,\n`);
}

const EXT4 = ['mke2fs', '-q -F -t ext4'] as const;
const BTRFS = ['mkfs.btrfs', '-q -f'] as const;

describe('a partition table written over a volume', () => {
  it.each([
    ['ext4', ...EXT4, 'contested MBR, ext4'],
    ['XFS without checksums', 'mkfs.xfs', '-q -f -m crc=0', 'contested MBR, XFS'],
    ['XFS, whose checksum is broken thereby', 'mkfs.xfs', '-q -f', 'contested MBR, XFS'],
    ['Btrfs', ...BTRFS, 'contested MBR, Btrfs'],
    ['swap', 'mkswap', '-q', 'contested Linux swap, MBR'],
    ['FAT32', 'mkfs.fat', '-F 32', 'contested FAT32, MBR'],
    ['NTFS', 'mkntfs', '-q -Q -F', 'contested NTFS, MBR'],
    ['exFAT, whose checksum is broken thereby', 'mkfs.exfat', '', 'disk likely MBR'],
  ])('MBR over %s', (_, tool, args, line) => {
    const content = recogniseContent(fileWindow(partition(volume(tool, args), 'dos')));
    expect(verdictOf(fileWindow(join(directory, 'image')))).toBe(line);
    expect(content).toMatchObject({ safety: line.startsWith('contested') ? ['POLYGLOT'] : [] });
  });
  it.each([
    ['ext4, overwritten', ...EXT4],
    ['XFS', 'mkfs.xfs', '-q -f'],
    ['Btrfs, left behind', ...BTRFS],
    ['FAT32', 'mkfs.fat', '-F 32'],
    ['JFS, left behind', 'mkfs.jfs', '-q'],
  ])('GPT over %s', (_, tool, args) => {
    expect(verdictOf(fileWindow(partition(volume(tool, args), 'gpt')))).toBe('disk certain GPT');
  });
  it('the remains of a boot sector in the boot code of a disk do not make it a volume', () => {
    const bytes = fileWindow(partition(volume('mkfs.fat', '-F 32'), 'dos')).bytes.bytes;
    const gap = patched(bytes, [[512, new Uint8Array(65_536 - 512)]]);
    expect(verdictOf(windowOf(gap))).toBe('disk likely MBR');
  });
});

describe('a volume made over a partition table', () => {
  it.each([
    ['ext4', ...EXT4, 'filesystem certain ext4'],
    ['JFS', 'mkfs.jfs', '-q', 'filesystem likely JFS'],
    ['F2FS', 'mkfs.f2fs', '-q -f', 'filesystem likely F2FS'],
    ['FAT', 'mkfs.fat', '-I', 'filesystem certain FAT16'],
    ['MINIX', 'mkfs.minix', '-3', 'filesystem weak MINIX'],
    ['swap that keeps the boot sector', 'mkswap', '-q', 'contested GPT, GPT entries, Linux swap'],
  ])('%s over a GPT', (_, tool, args, line) => {
    const path = partition(sparse(join(directory, 'image'), 64 * MIB), 'gpt');
    run(tool, [...words(args), path]);
    expect(verdictOf(fileWindow(path))).toBe(line);
  });
});

const superblockOf = (tool: string, args: string, start: number, end: number): Patch => [
  start,
  fileWindow(volume(tool, args)).bytes.bytes.slice(start, end),
];

describe('several structures at once', () => {
  const ext4 = (): Patch => superblockOf(...EXT4, 1024, 2048);
  const btrfs = (): Patch => superblockOf(...BTRFS, 65_536, 69_632);

  it('an optical disc with the superblock of another filesystem', () => {
    const image = join(directory, 'image.iso');
    run('genisoimage', ['-quiet', '-o', image, tree(directory)]);
    const disc = fileWindow(image).bytes.bytes;
    expect(verdictOf(windowOf(patched(disc, [ext4()])))).toBe('contested ISO 9660, ext4');
    const boot = superblockOf('mkfs.fat', '-F 32', 0, 16_384 + 512);
    expect(verdictOf(windowOf(patched(disc, [boot])))).toBe('contested ISO 9660, FAT32');
    const kernel: Patch = [56, 'ARM\x64'];
    expect(verdictOf(windowOf(patched(disc, [kernel])))).toBe('contested arm64 Image, ISO 9660');
  });
  it('two filesystems: one is left over, but a filesystem it is', () => {
    const content = recogniseContent(windowOf(bytesWith([ext4(), btrfs()])));
    expect(content).toMatchObject({ kind: 'typed', imageType: 'filesystem', confidence: 'weak', safety: [] });
  });
  it('a kernel header in front of a filesystem', () => {
    expect(verdictOf(windowOf(bytesWith([[56, 'ARM\x64'], ext4()])))).toBe('contested arm64 Image, ext4');
  });
  it('swap and a filesystem', () => {
    const bytes = bytesWith([ext4(), [4086, 'SWAP-SPACE']]);
    expect(verdictOf(windowOf(bytes))).toBe('contested Linux swap, ext4');
  });
  it('a RAID or LVM label tells that the filesystem is old', () => {
    const bytes = bytesWith([ext4(), [0, 'dmvdo001']]);
    expect(verdictOf(windowOf(bytes))).toBe('other certain VDO volume');
  });
  it('a label whose first partition begins at sector 0, filesystem and swap included', () => {
    const disk = fileWindow(writeTable(sparse(join(directory, 'image'), 64 * MIB), 'label: sun\n,,\n')).bytes.bytes;
    expect(verdictOf(windowOf(patched(disk, [ext4()])))).toBe('disk certain Sun disk label');
    expect(verdictOf(windowOf(patched(disk, [[4086, 'SWAP-SPACE']])))).toBe('disk certain Sun disk label');
  });
  it('a disc that Macintosh reads as HFS+', () => {
    const image = join(directory, 'image.iso');
    run('genisoimage', ['-quiet', '-o', image, tree(directory)]);
    const volume: readonly Patch[] = [
      [1024, [0x48, 0x2b, 0, 4]],
      [1064, be(4096, 4)],
      [1068, be(16, 4)],
    ];
    const bytes = patched(fileWindow(image).bytes.bytes, volume);
    expect(verdictOf(windowOf(bytes))).toBe('iso9660 certain ISO 9660');
  });
  it('an exFAT volume whose boot code looks like a partition table, all of it summed', () => {
    const original = fileWindow(volume('mkfs.exfat', '')).bytes.bytes;
    const entry = [0, 0, 0, 0, 0x83, 0, 0, 0, ...le(2048, 4), ...le(2048, 4)];
    const bytes = patched(original, [
      [446, new Uint8Array(64)],
      [446, entry],
    ]);
    let sum = 0;
    for (let index = 0; index < 11 * 512; index += 1) {
      if (index === 106 || index === 107 || index === 112) continue;
      sum = (((sum << 31) | (sum >>> 1)) + (bytes[index] ?? 0)) >>> 0;
    }
    const signed = patched(bytes, [[11 * 512, le(sum, 4)]]);
    expect(verdictOf(windowOf(signed))).toBe('filesystem certain exFAT');
    expect(verdictOf(windowOf(bytes))).toBe('disk likely MBR');
  });
  it('a weak magic never contends', () => {
    const minix = fileWindow(partition(volume('mkfs.minix', '-3'), 'dos'));
    expect(verdictOf(minix)).toBe('disk likely MBR');
  });
});
