import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, sparse, tree, workplace } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { be, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const MIB = 1024 * 1024;
const directory = workplace();
const files = tree(directory);

/** Makes a filesystem in a sparse file of `size` bytes; FILE in the arguments stands for it. */
function made(size: number, tool: string, args: string): string {
  const path = sparse(join(directory, 'image'), size);
  run(
    tool,
    args.split(' ').map((word) => (word === 'FILE' ? path : word === 'TREE' ? files : word)),
    { cwd: directory },
  );
  return path;
}

function blkidType(path: string): string {
  return run('blkid', ['-p', '-s', 'TYPE', '-o', 'value', path]).trim();
}

describe('filesystems as their own tools make them', () => {
  it.each([
    [8, 'mke2fs', '-q -F -t ext2 FILE', 'ext2', 'likely ext2'],
    [8, 'mke2fs', '-q -F -t ext3 FILE', 'ext3', 'likely ext3'],
    [8, 'mke2fs', '-q -F -t ext4 FILE', 'ext4', 'certain ext4'],
    [8, 'mke2fs', '-q -F -t ext4 -b 1024 -O ^metadata_csum FILE', 'ext4', 'likely ext4'],
    [64, 'mke2fs', '-q -F -t ext4 -b 1024 -O bigalloc,64bit FILE', 'ext4', 'certain ext4'],
    [320, 'mkfs.xfs', '-q FILE', 'xfs', 'certain XFS'],
    [320, 'mkfs.xfs', '-q -m crc=0 FILE', 'xfs', 'likely XFS'],
    [128, 'mkfs.btrfs', '-q FILE', 'btrfs', 'certain Btrfs'],
    [64, 'mkreiserfs', '-q -ff FILE', 'reiserfs', 'certain ReiserFS'],
    [64, 'mkreiserfs', '-q -ff --format 3.5 FILE', 'reiserfs', 'certain ReiserFS'],
    [16, 'mkfs.jfs', '-q FILE', 'jfs', 'likely JFS'],
    [64, 'mkfs.f2fs', '-q FILE', 'f2fs', 'likely F2FS'],
    [134, 'mkfs.nilfs2', '-q FILE', 'nilfs2', 'certain NILFS2'],
    [64, 'mkfs.ocfs2', '-q -F -M local --no-backup-super FILE', 'ocfs2', 'certain OCFS2'],
    [8, 'mkntfs', '-q -Q -F FILE', 'ntfs', 'certain NTFS'],
    [8, 'mkfs.exfat', 'FILE', 'exfat', 'certain exFAT'],
    [4, 'mkfs.fat', '-F 12 FILE', 'vfat', 'certain FAT12'],
    [1.40625, 'mkfs.fat', 'FILE', 'vfat', 'certain FAT12'],
    [32, 'mkfs.fat', '-F 16 FILE', 'vfat', 'certain FAT16'],
    [64, 'mkfs.fat', '-F 32 FILE', 'vfat', 'certain FAT32'],
    [64, 'mkfs.fat', '-F 32 --mbr=y FILE', 'vfat', 'certain FAT32'],
    [128, 'mkfs.fat', '-F 32 -S 4096 FILE', 'vfat', 'likely FAT32'],
    [64, 'mkudffs', 'FILE', 'udf', 'likely UDF'],
    [64, 'mkudffs', '--media-type=hd --blocksize=512 --bootarea=mbr FILE', 'udf', 'likely UDF'],
    [64, 'mkudffs', '--media-type=hd --blocksize=4096 FILE', 'udf', 'certain UDF'],
    [4, 'hformat', '-f -l x FILE', 'hfs', 'weak HFS'],
    [0, 'mksquashfs', 'TREE FILE -noappend -quiet', 'squashfs', 'likely SquashFS'],
    [0, 'mkfs.erofs', 'FILE TREE', 'erofs', 'certain EROFS'],
    [0, 'genromfs', '-f FILE -d TREE', 'romfs', 'certain romfs'],
    [0, 'mkfs.cramfs', 'TREE FILE', 'cramfs', 'certain cramfs'],
    [4, 'mkfs.minix', '-1 -n 14 FILE', 'minix', 'weak MINIX'],
    [4, 'mkfs.minix', '-2 FILE', 'minix', 'weak MINIX'],
    [4, 'mkfs.minix', '-3 FILE', 'minix', 'weak MINIX'],
    [0, 'makefs', '-t ffs -s 16m FILE TREE', 'ufs', 'likely UFS1'],
    [0, 'makefs', '-t ffs -B be -s 16m FILE TREE', 'ufs', 'likely UFS1'],
    [0, 'makefs', '-t ffs -o version=2 -s 16m FILE TREE', 'ufs', 'likely UFS2'],
  ] as const)('%d MiB: %s %s', (size, tool, args, blkid, line) => {
    const path = made(size * MIB, tool, args);
    expect(blkidType(path)).toBe(blkid);
    expect(verdictOf(fileWindow(path))).toBe(`filesystem ${line}`);
    expect(recogniseContent(fileWindow(path))).toMatchObject({ safety: [] });
  });

  it('a UDF volume without ISO 9660 may be declared an optical disc', () => {
    const content = recogniseContent(fileWindow(made(64 * MIB, 'mkudffs', 'FILE')));
    expect(content).toMatchObject({ imageType: 'filesystem', alsoReadAs: ['iso9660'] });
  });

  it('an external journal is no filesystem', () => {
    const path = made(16 * MIB, 'mke2fs', '-q -F -O journal_dev FILE');
    expect(verdictOf(fileWindow(path))).toBe('other likely ext journal device');
  });

  it.each([
    ['fat32', 64, '-F 32 FILE'],
    ['fat12 floppy', 1.40625, 'FILE'],
  ] as const)('boot code does not turn %s into a disk', (_, size, args) => {
    const path = made(size * MIB, 'mkfs.fat', args);
    run('syslinux', ['--install', path]);
    expect(verdictOf(fileWindow(path))).toMatch(/^filesystem certain FAT/);
  });
});

describe('a checksum beside a magic', () => {
  it.each([
    ['crc32c', 'certain', 'weak'],
    ['sha256', 'certain', 'weak'],
    ['xxhash', 'likely', 'likely'],
    ['blake2', 'likely', 'likely'],
  ])('Btrfs by %s', (kind, confidence, damaged) => {
    const window = fileWindow(made(128 * MIB, 'mkfs.btrfs', `-q --csum ${kind} FILE`));
    expect(verdictOf(window)).toBe(`filesystem ${confidence} Btrfs`);
    const bytes = patched(window.bytes.bytes, [[66_000, [0xff]]]);
    expect(verdictOf(windowOf(bytes))).toBe(`filesystem ${damaged} Btrfs`);
    expect(verdictOf(windowOf(bytes.slice(0, 66_500)))).toBe('filesystem likely Btrfs');
  });
});

describe('boot sectors', () => {
  const change = (path: string, ...patches: readonly Patch[]): string =>
    verdictOf(windowOf(patched(fileWindow(path).bytes.bytes, patches)));

  it('of a FAT without a label count with their allocation table only', () => {
    const path = made(1.40625 * MIB, 'mkfs.fat', 'FILE');
    const label: Patch = [54, '        '];
    expect(change(path, label)).toBe('filesystem likely FAT12');
    expect(change(path, label, [512, [0]])).toBe('unknown');
    // Without jump or signature, the second table (here behind nine sectors) must be there.
    const second: Patch = [512 * 10, [0]];
    for (const missing of [0, 510]) {
      expect(change(path, label, [missing, [0]])).toBe('filesystem likely FAT12');
      expect(change(path, label, [missing, [0]], second)).toBe('unknown');
    }
    expect(change(path, [512, [0]])).toBe('filesystem weak FAT12');
  });
  it.each([
    ['sectors of 500 bytes', [11, le(500, 2)]],
    ['clusters of 3 sectors', [13, [3]]],
    ['no reserved sectors', [14, [0, 0]]],
    ['no tables', [16, [0]]],
    ['fewer sectors than its tables need', [19, le(20, 2)]],
    ['an odd media byte', [21, [0xf1]]],
    ['the label of JFS', [54, 'JFS     ']],
    ['the name of NTFS', [3, 'NTFS    ']],
  ] as const)('of a FAT with %s are none', (_, patch) => {
    expect(change(made(1.40625 * MIB, 'mkfs.fat', 'FILE'), patch)).toBe('unknown');
  });
  it.each([
    ['sectors of 500 bytes', [11, le(500, 2)]],
    ['reserved sectors', [14, [1]]],
    ['a root directory', [17, [1]]],
    ['16-bit sectors', [19, [1]]],
    ['tables', [22, [1]]],
    ['32-bit sectors', [32, [1]]],
    ['no length', [40, le(0n, 8)]],
  ] as const)('of an NTFS with %s are none', (_, patch) => {
    expect(change(made(8 * MIB, 'mkntfs', '-q -Q -F FILE'), patch)).toBe('unknown');
  });
});

describe('superblocks with a field that contradicts the magic', () => {
  const EXT2 = [8, 'mke2fs', '-q -F -t ext2 FILE'] as const;
  const UFS1 = [0, 'makefs', '-t ffs -s 16m FILE TREE'] as const;
  const SQUASHFS = [0, 'mksquashfs', 'TREE FILE -noappend -quiet'] as const;
  it.each([
    ['ext: no inodes', ...EXT2, [1024, le(0, 4)]],
    ['ext: inodes that are no multiple of those of a group', ...EXT2, [1024, le(2049, 4)]],
    ['ext: no blocks', ...EXT2, [1028, le(0, 4)]],
    ['ext: more free blocks than blocks', ...EXT2, [1036, le(0x7fff_ffff, 4)]],
    ['ext: more free inodes than inodes', ...EXT2, [1040, le(0x7fff_ffff, 4)]],
    ['ext: a far first block', ...EXT2, [1044, le(2, 4)]],
    ['ext: blocks of 128 KiB', ...EXT2, [1048, le(7, 4)]],
    ['ext: no blocks in a group', ...EXT2, [1056, le(0, 4)]],
    ['ext: a revision to come', ...EXT2, [1100, le(2, 4)]],
    ['Btrfs: another place', 128, 'mkfs.btrfs', '-q FILE', [65_584, le(1n, 8)]],
    ['XFS: blocks of 3000 bytes', 320, 'mkfs.xfs', '-q FILE', [4, be(3000, 4)]],
    ['XFS: another version', 320, 'mkfs.xfs', '-q FILE', [100, [0, 6]]],
    ['JFS: two block sizes', 16, 'mkfs.jfs', '-q FILE', [32_784, le(2048, 4)]],
    ['F2FS: two block sizes', 64, 'mkfs.f2fs', '-q FILE', [1036, le(4, 4)]],
    ['UFS: two counts of fragments', ...UFS1, [8248, le(4, 4)]],
    ['UFS: blocks of 3000 bytes', ...UFS1, [8240, le(3000, 4)]],
    ['romfs: another sum', 0, 'genromfs', '-f FILE -d TREE', [20, 'x']],
    ['cramfs: another signature', 0, 'mkfs.cramfs', 'TREE FILE', [16, 'x']],
    ['EROFS: tiny blocks', 0, 'mkfs.erofs', 'FILE TREE', [1036, [8]]],
    ['SquashFS: two block sizes', ...SQUASHFS, [22, le(13, 2)]],
    ['SquashFS: another version', ...SQUASHFS, [28, le(5, 2)]],
    ['OCFS2: another block size', 64, 'mkfs.ocfs2', '-q -F -M local --no-backup-super FILE', [2296, le(12, 4)]],
    ['MINIX: another first block', 4, 'mkfs.minix', '-2 FILE', [1032, [1]]],
    ['MINIX: another map', 4, 'mkfs.minix', '-3 FILE', [1030, [9]]],
    ['HFS: an odd block size', 4, 'hformat', '-f -l x FILE', [1044, be(700, 4)]],
    ['UDF: another sequence', 64, 'mkudffs', 'FILE', [34_816 + 5, '1']],
  ] as const)('%s', (_, size, tool, args, patch) => {
    const { bytes } = fileWindow(made(size * MIB, tool, args));
    expect(verdictOf(windowOf(patched(bytes.bytes, [patch])))).toBe('unknown');
  });
});

describe('superblocks with a checksum', () => {
  it.each([
    ['ext4', 8, 'mke2fs', '-q -F -t ext4 FILE', 1024 + 200],
    ['XFS', 320, 'mkfs.xfs', '-q FILE', 300],
    ['exFAT', 8, 'mkfs.exfat', 'FILE', 200],
    ['EROFS', 0, 'mkfs.erofs', 'FILE TREE', 1024 + 60],
  ] as const)('%s with a changed byte is weak', (name, size, tool, args, offset) => {
    const window = fileWindow(made(size * MIB, tool, args));
    const bytes = window.bytes.bytes.slice();
    bytes[offset] = (bytes[offset] ?? 0) ^ 0xff;
    expect(verdictOf(windowOf(bytes, { guestSize: window.guestSize }))).toBe(`filesystem weak ${name}`);
  });
  it('NILFS2, known by 16 bits, is not recognised without it', () => {
    const bytes = fileWindow(made(134 * MIB, 'mkfs.nilfs2', '-q FILE')).bytes.bytes.slice();
    bytes[1024 + 80] = (bytes[1024 + 80] ?? 0) ^ 0xff;
    expect(verdictOf(windowOf(bytes))).toBe('unknown');
  });
});

describe('a volume that says it is longer than the image', () => {
  it.each([
    ['ext4', 8, 'mke2fs', '-q -F -t ext4 FILE', 'likely'],
    ['XFS', 320, 'mkfs.xfs', '-q FILE', 'likely'],
    ['Btrfs', 128, 'mkfs.btrfs', '-q FILE', 'likely'],
    ['NTFS', 8, 'mkntfs', '-q -Q -F FILE', 'likely'],
    ['FAT32', 64, 'mkfs.fat', '-F 32 FILE', 'likely'],
    ['JFS', 16, 'mkfs.jfs', '-q FILE', 'likely'],
    ['F2FS', 64, 'mkfs.f2fs', '-q FILE', 'likely'],
    ['UFS', 0, 'makefs', '-t ffs -s 16m FILE TREE', 'likely'],
  ] as const)('%s', (name, size, tool, args, confidence) => {
    const { bytes } = fileWindow(made(size * MIB, tool, args));
    const content = recogniseContent({ bytes, guestSize: 2 * MIB, sectorSize: 512 });
    const safety = name === 'UFS' ? [] : ['TRUNCATED'];
    expect(content).toMatchObject({ kind: 'typed', imageType: 'filesystem', confidence, safety });
  });
});

describe('rarer formats of tools', () => {
  it('BFS of mkfs.bfs', () => {
    const path = sparse(join(directory, 'bfs'), 1024 * 1024);
    run('mkfs.bfs', [path]);
    expect(run('blkid', ['-p', '-s', 'TYPE', '-o', 'value', path]).trim()).toBe('bfs');
    const { bytes } = fileWindow(path).bytes;
    expect(verdictOf(fileWindow(path))).toBe('filesystem likely BFS');
    expect(verdictOf(windowOf(patched(bytes, [[512, [3]]])))).toBe('unknown');
    expect(verdictOf(windowOf(patched(bytes, [[4, le(513, 4)]])))).toBe('unknown');
  });
  it.each([
    [360, '', 'FAT12'],
    [20_000, '', 'FAT16'],
    [20_000, '-f 1', 'FAT16'],
    [200_000, '', 'FAT16'],
    [100_000, '-F 32', 'FAT32'],
    [600_000, '', 'FAT32'],
  ])('FAT for the Atari in %d KiB %s', (kib, options, variant) => {
    const path = sparse(join(directory, 'fat'), kib * 1024);
    run('mkfs.fat', ['-A', ...options.split(' ').filter(Boolean), path]);
    const { bytes } = fileWindow(path).bytes;
    expect(verdictOf(fileWindow(path))).toBe(`filesystem likely ${variant}`);
    const information =
      variant === 'FAT32' ? bytesAt(bytes, 11) * bytesAt(bytes, 48) : bytesAt(bytes, 11) * bytesAt(bytes, 14);
    expect(verdictOf(windowOf(patched(bytes, [[information, [0, 0, 0]]]))), 'near miss').toBe(
      kib === 100_000 ? 'filesystem likely FAT32' : 'unknown',
    );
  });
});

const bytesAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
