import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ContentWindow } from '../../../src/probe/contents/sighting/sighting.ts';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, sparse, tree, workplace, writeTable } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { be, bytesWith, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

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
    ['ext4, overwritten', ...EXT4, 'certain'],
    ['XFS', 'mkfs.xfs', '-q -f', 'certain'],
    ['Btrfs, left whole', ...BTRFS, 'likely'],
    ['FAT32', 'mkfs.fat', '-F 32', 'certain'],
    ['JFS, left whole', 'mkfs.jfs', '-q', 'likely'],
    ['NTFS, of which the boot sector is left', 'mkntfs', '-q -Q -F', 'likely'],
  ])('GPT over %s', (_, tool, args, confidence) => {
    expect(verdictOf(fileWindow(partition(volume(tool, args), 'gpt')))).toBe(`disk ${confidence} GPT`);
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
    expect(verdictOf(windowOf(bytes))).toBe('other likely VDO volume');
  });
  it('a label over a superblock that has a place in its first partition', () => {
    const path = sparse(join(directory, 'image'), 64 * MIB);
    const small = sparse(join(directory, 'small'), 16 * MIB);
    run('mke2fs', ['-q', '-F', '-t', 'ext4', small]);
    const superblock: Patch = [1024, fileWindow(small).bytes.bytes.slice(1024, 2048)];
    const disk = fileWindow(writeTable(path, 'label: sun\n,32MiB\n')).bytes.bytes;
    const known = { guestSize: 64 * MIB };
    const contested = 'contested Sun disk label, ext4';
    expect(verdictOf(windowOf(patched(disk, [superblock]), known))).toBe('disk certain Sun disk label');
    expect(verdictOf(windowOf(patched(disk, [[4086, 'SWAP-SPACE']]), known))).toBe('disk certain Sun disk label');
    expect(verdictOf(windowOf(patched(disk, [superblock]), { guestSize: 16 * MIB }))).toBe(contested);
    expect(verdictOf(windowOf(patched(disk, [ext4()])))).toBe(contested);
  });
  it.each([
    ['label: sun\nstart=64260\n', 'Sun disk label'],
    ['label: sgi\nstart=64260\n', 'SGI disk label'],
  ])('a label whose partitions lie elsewhere than the superblock: %j', (script, name) => {
    const disk = fileWindow(writeTable(sparse(join(directory, 'image'), 640 * MIB), script));
    const both = windowOf(patched(disk.bytes.bytes, [ext4()]), { guestSize: 640 * MIB });
    expect(verdictOf(both)).toBe(`contested ${name}, ext4`);
  });
  it('a label over UFS, which BSD has in its first partition', () => {
    const path = join(directory, 'ufs');
    run('makefs', ['-t', 'ffs', '-s', '16m', path, tree(directory)]);
    const magic = le(0x82564557, 4);
    const label: readonly Patch[] = [
      [512, magic],
      [644, magic],
      [650, le(1, 2)],
      [660, [...le(32_768, 4), ...le(0, 4), 0, 0, 0, 0, 7]],
    ];
    const unsigned = patched(fileWindow(path).bytes.bytes, label);
    let sum = 0;
    for (let at = 512; at < 512 + 164; at += 2) sum ^= (unsigned[at] ?? 0) | ((unsigned[at + 1] ?? 0) << 8);
    const disk = patched(unsigned, [[648, le(sum, 2)]]);
    expect(verdictOf(windowOf(disk, { guestSize: 16 * MIB }))).toBe('disk certain BSD disklabel');
    expect(verdictOf(windowOf(patched(disk, [ext4()]), { guestSize: 128 * MIB }))).toBe(
      'contested BSD disklabel, ext4',
    );
  });
  it('a GPT whose entries lie out of sight over a filesystem', () => {
    const disk = fileWindow(partition(sparse(join(directory, 'image'), 64 * MIB), 'gpt')).bytes.bytes;
    const header = patched(disk.slice(512, 604), [
      [16, le(0, 4)],
      [72, le(2048, 8)],
    ]);
    const far = patched(disk, [
      [512, header],
      [528, le(crc32(header), 4)],
    ]);
    expect(verdictOf(windowOf(far, { guestSize: 64 * MIB }))).toBe('disk likely GPT');
    expect(verdictOf(windowOf(patched(far, [ext4()]), { guestSize: 128 * MIB }))).toBe(
      'contested GPT, GPT entries lie further on, ext4',
    );
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

describe('an optical disc and a table of partitions', () => {
  const image = join(directory, 'hybrid.iso');
  const efi = join(directory, 'efi.img');

  function disc(...args: readonly string[]): ContentWindow {
    run('mkfs.fat', [sparse(efi, 2 * MIB)]);
    run('xorriso', ['-as', 'mkisofs', '-quiet', '-o', image, ...args, tree(directory)]);
    return fileWindow(image);
  }
  const appended = ['-append_partition', '2', '0xef', efi] as const;
  it.each([
    ['and a partition behind it', appended],
    ['and a partition behind it, by GPT', [...appended, '-appended_part_as_gpt']],
    ['from sector 64 on', [...appended, '-partition_offset', '16']],
    ['by GPT from sector 64 on', [...appended, '-appended_part_as_gpt', '-partition_offset', '16']],
  ])('a hybrid disc: a table %s', (_, args) => {
    const window = disc(...args);
    expect(window.bytes.is(510, [0x55, 0xaa])).toBe(true);
    expect(verdictOf(window)).toMatch(/^iso9660 (certain|likely) ISO 9660$/u);
  });
  it.each([
    ['label: dos\n2048,\n', 'MBR'],
    ['label: dos\n63,\n', 'MBR'],
    ['label: gpt\n2048,\n', 'GPT'],
    ['label: sun\nstart=64260\n', 'Sun disk label'],
  ])('a disc in the gap in front of the partitions of a disk: %j', (script, name) => {
    const bytes = disc().bytes.bytes.slice(32_768);
    const disk = fileWindow(writeTable(sparse(join(directory, 'image'), 128 * MIB), script));
    const both = windowOf(patched(disk.bytes.bytes, [[32_768, bytes]]), { guestSize: 128 * MIB });
    expect(verdictOf(both)).toMatch(new RegExp(`^contested ISO 9660, .*${name}`, 'u'));
  });
});
