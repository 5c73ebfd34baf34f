import { crc32cWithoutField } from '../../reading/checksums.ts';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import type { Superblock } from './superblock.ts';

/**
 * Filesystems that are made as an image and then only read. Source of places and checks, unless another is named:
 * util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const IMAGE_FILESYSTEMS: readonly Superblock[] = [
  {
    name: 'EROFS',
    magicAt: [1024],
    magic: [0xe2, 0xe1, 0xf5, 0xe0],
    check: (bytes, at) => {
      const blockShift = bytes.u8(at + 12);
      if (blockShift < 9 || blockShift > 16) return null;
      const claims = BigInt(bytes.u32le(at + 36)) << BigInt(blockShift);
      const end = Math.max(2 ** blockShift, 2048);
      if ((bytes.u32le(at + 8) & 1) === 0 || !bytes.has(at, end - at)) return { confidence: 'likely', claims };
      const computed = ~crc32cWithoutField(bytes.slice(at, end), 4) >>> 0;
      return { confidence: computed === bytes.u32le(at + 4) ? 'certain' : 'weak', claims };
    },
  },
  {
    name: 'SquashFS',
    magicAt: [0],
    magic: 'hsqs',
    check: (bytes) => squash(bytes.u16le(28), bytes.u32le(12), bytes.u16le(22), bytes.u64le(40), bytes.u16le(34)),
  },
  {
    name: 'SquashFS',
    magicAt: [0],
    magic: 'sqsh',
    check: (bytes) => squash(bytes.u16be(28), bytes.u32be(12), bytes.u16be(22), bytes.u64be(40), bytes.u16be(34)),
  },
  { name: 'cramfs', magicAt: [0], magic: [0x45, 0x3d, 0xcd, 0x28], check: cramfs },
  { name: 'cramfs', magicAt: [0], magic: [0x28, 0xcd, 0x3d, 0x45], check: cramfs },
  {
    name: 'romfs',
    magicAt: [0],
    magic: '-rom1fs-',
    check: (bytes) => {
      const size = bytes.u32be(8);
      let sum = 0;
      for (let at = 0; at + 4 <= Math.min(size, 512); at += 4) sum = (sum + bytes.u32be(at)) >>> 0;
      return size >= 32 && sum === 0 ? { confidence: 'certain', claims: BigInt(size) } : null;
    },
  },
];

/** Version 4 has other fields than the versions before it (Linux fs/squashfs/squashfs_fs.h). */
function squash(
  major: number,
  blockSize: number,
  blockShift: number,
  used: bigint,
  oldBlockShift: number,
): { readonly confidence: 'likely'; readonly claims?: bigint } | null {
  if (major === 4) {
    const isSound = isPowerOfTwo(blockSize, 4096, 1_048_576) && blockSize === 2 ** blockShift;
    return isSound ? { confidence: 'likely', claims: used } : null;
  }
  const isOld = major >= 1 && major <= 3 && oldBlockShift >= 9 && oldBlockShift <= 20;
  return isOld ? { confidence: 'likely' } : null;
}

/** A second signature of 16 bytes follows the magic (Linux include/uapi/linux/cramfs_fs.h). */
function cramfs(bytes: Fields): { readonly confidence: 'certain' } | null {
  return bytes.is(16, 'Compressed ROMFS') ? { confidence: 'certain' } : null;
}
