import { spawnSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** Debian packages of the tools that the tests of contents make their images with. */
const PACKAGES: Readonly<Record<string, string>> = {
  blkid: 'util-linux',
  cpio: 'cpio',
  cryptsetup: 'cryptsetup-bin',
  dtc: 'device-tree-compiler',
  genisoimage: 'genisoimage',
  genromfs: 'genromfs',
  'grub-mkimage': 'grub-common and grub-pc-bin',
  hformat: 'hfsutils',
  'make-bcache': 'bcache-tools',
  makefs: 'makefs',
  mkbootimg: 'mkbootimg',
  mke2fs: 'e2fsprogs',
  'mkfs.bfs': 'util-linux',
  'mkfs.btrfs': 'btrfs-progs',
  'mkfs.cramfs': 'util-linux-extra',
  'mkfs.erofs': 'erofs-utils',
  'mkfs.exfat': 'exfatprogs',
  'mkfs.f2fs': 'f2fs-tools',
  'mkfs.fat': 'dosfstools',
  'mkfs.jfs': 'jfsutils',
  'mkfs.minix': 'util-linux-extra',
  'mkfs.nilfs2': 'nilfs-tools',
  'mkfs.ocfs2': 'ocfs2-tools',
  'mkfs.xfs': 'xfsprogs',
  mkimage: 'u-boot-tools',
  mkntfs: 'ntfs-3g',
  mkreiserfs: 'reiserfsprogs',
  mksquashfs: 'squashfs-tools',
  mkswap: 'util-linux',
  mkudffs: 'udftools',
  objcopy: 'binutils',
  sfdisk: 'fdisk',
  sgdisk: 'gdisk',
  syslinux: 'syslinux and mtools',
  veritysetup: 'cryptsetup-bin',
  xorriso: 'xorriso',
};

/** Files that packages bring and no tool makes. */
const INSTALLED = {
  isohybridMbr: { path: '/usr/lib/ISOLINUX/isohdpfx.bin', package: 'isolinux' },
  isolinux: { path: '/usr/lib/ISOLINUX/isolinux.bin', package: 'isolinux' },
  ipxe: { path: '/usr/lib/ipxe/ipxe.lkrn', package: 'ipxe' },
  memtest: { path: '/boot/memtest86+x64.efi', package: 'memtest86+' },
  memdisk: { path: '/usr/lib/syslinux/memdisk', package: 'syslinux-common' },
  efiStub: { path: '/usr/lib/systemd/boot/efi/linuxx64.efi.stub', package: 'systemd-boot-efi' },
  grubBoot: { path: '/usr/lib/grub/i386-pc/boot.img', package: 'grub-pc-bin' },
} as const;

export function installed(name: keyof typeof INSTALLED): string {
  const { path, package: debian } = INSTALLED[name];
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new Error(`${path} is missing; this test needs the Debian package ${debian}`);
  }
  return path;
}

/** Runs a tool and gives its output; a missing tool is a failure that names the package. */
export function run(
  tool: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): string {
  const { status, error, stderr, stdout } = spawnSync(tool, args, {
    ...options,
    encoding: 'latin1',
    timeout: 60_000,
    env: { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    throw new Error(`${tool} is missing; this test needs the Debian package ${PACKAGES[tool] ?? '(unknown)'}`);
  }
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${status}: ${stderr.slice(-500)}`);
  return stdout;
}

/** Writes a partition table by a script of sfdisk and leaves what else is there; with the kernel left alone it need not wait. */
export function writeTable(path: string, script: string): string {
  run('sfdisk', ['-q', '--no-tell-kernel', '--no-reread', '--wipe', 'never', path], { input: script });
  return path;
}

/** A directory of its own, removed with the run's. */
export function workplace(): string {
  return mkdtempSync(join(inject('temporaryDirectory'), 'contents-'));
}

/** A sparse file of `size` bytes, replacing what was there. */
export function sparse(path: string, size: number): string {
  rmSync(path, { force: true });
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
  return path;
}

/** A small tree for tools that make a filesystem out of files. */
export function tree(directory: string): string {
  const root = join(directory, 'tree');
  mkdirSync(join(root, 'directory'), { recursive: true });
  writeFileSync(join(root, 'directory', 'text'), 'text\n');
  writeFileSync(join(root, 'data'), Buffer.alloc(20_000, 'data'));
  return root;
}

/** The first `length` bytes, fewer of a shorter file. */
export function headOf(path: string, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  const read = readSync(file, bytes, 0, length, 0);
  closeSync(file);
  return new Uint8Array(bytes.subarray(0, read));
}
