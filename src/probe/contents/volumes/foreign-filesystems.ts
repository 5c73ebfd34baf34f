import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { bigEndian, littleEndian } from '../sighting/byte-order.ts';
import type { Superblock } from './superblock.ts';

/**
 * Filesystems of the BSDs, Solaris, Apple's systems and OS/2. Source of places and checks, where no other is named:
 * util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const FOREIGN_FILESYSTEMS: readonly Superblock[] = [
  ...[0, 8192, 65_536].flatMap((base) => [
    ufs('UFS1', base, [0x54, 0x19, 0x01, 0x00]),
    ufs('UFS1', base, [0x00, 0x01, 0x19, 0x54]),
    ufs('UFS2', base, [0x19, 0x01, 0x54, 0x19]),
    ufs('UFS2', base, [0x19, 0x54, 0x01, 0x19]),
  ]),
  { name: 'HFS+', magicAt: [1024], magic: [0x48, 0x2b, 0, 4], check: hfsPlus },
  { name: 'HFSX', magicAt: [1024], magic: [0x48, 0x58, 0, 5], check: hfsPlus },
  {
    name: 'APFS',
    magicAt: [32],
    magic: 'NXSB',
    check: (bytes) => {
      const blockSize = bytes.u32le(36);
      if (!isPowerOfTwo(blockSize, 4096, 65_536) || bytes.u64le(40) === 0n) return null;
      if ((bytes.u32le(24) & 0xffff) !== 1) return null;
      return { confidence: 'likely', claims: bytes.u64le(40) * BigInt(blockSize) };
    },
  },
  {
    name: 'HPFS',
    magicAt: [8192],
    magic: [0x49, 0xe8, 0x95, 0xf9, 0xc5, 0xe9, 0x53, 0xfa],
    // The spare superblock follows; only HPFS386 fills in its checksums (Linux fs/hpfs/hpfs.h).
    check: (bytes, at) => (bytes.is(at + 512, HPFS_SPARE) ? { confidence: 'likely' } : null),
  },
  {
    name: 'ZFS',
    magicAt: [16_404],
    // The name list of the first label begins with the pair "version" (OpenZFS module/nvpair); its checksum lies behind
    // the window.
    magic: [0, 0, 0, 7, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0],
    check: (bytes, at) => (bytes.u8(at - 20) === 1 && bytes.u64be(at - 16) === 1n ? { confidence: 'likely' } : null),
  },
];

const HPFS_SPARE = [0x49, 0x18, 0x91, 0xf9, 0xc5, 0x29, 0x52, 0xfa];

/** UFS: magic 1372 bytes into the superblock, block and fragment size at 48 and 52 (FreeBSD sys/ufs/ffs/fs.h). */
function ufs(name: string, base: number, magic: readonly [number, number, number, number]): Superblock {
  const isLittle = magic[0] === 0x54 || (magic[0] === 0x19 && magic[1] === 0x01);
  return {
    name,
    magicAt: [base + 1372],
    magic,
    check: (bytes) => {
      const { u32 } = isLittle ? littleEndian(bytes) : bigEndian(bytes);
      const [blockSize, fragmentSize] = [u32(base + 48), u32(base + 52)];
      if (!isPowerOfTwo(blockSize, 4096, 65_536) || !isPowerOfTwo(fragmentSize, 512, blockSize)) return null;
      return u32(base + 56) === blockSize / fragmentSize ? { confidence: 'likely' } : null;
    },
  };
}

/** Apple Technical Note TN1150, "Volume Header". */
function hfsPlus(bytes: Fields, at: number): { readonly confidence: 'likely'; readonly claims: bigint } | null {
  const blockSize = bytes.u32be(at + 40);
  const blocks = bytes.u32be(at + 44);
  if (!isPowerOfTwo(blockSize, 512, 1_048_576) || blocks === 0 || bytes.u32be(at + 48) > blocks) return null;
  return { confidence: 'likely', claims: BigInt(blocks) * BigInt(blockSize) };
}
