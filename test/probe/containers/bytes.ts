/** A file written field by field, for images that no tool makes. */
export interface Patchable {
  readonly bytes: Buffer;
  readonly text: (offset: number, value: string) => Patchable;
  readonly u8: (offset: number, value: number) => Patchable;
  readonly be32: (offset: number, value: number) => Patchable;
  readonly be64: (offset: number, value: bigint | number) => Patchable;
  readonly le32: (offset: number, value: number) => Patchable;
  readonly le64: (offset: number, value: bigint | number) => Patchable;
  readonly fill: (start: number, end: number, value: number) => Patchable;
}

/** Patches a copy of `base`, or zeros of a length. */
export function patch(base: number | Uint8Array): Patchable {
  const bytes = typeof base === 'number' ? Buffer.alloc(base) : Buffer.from(base);
  const patchable: Patchable = {
    bytes,
    text: (offset, value) => done(bytes.write(value, offset, 'latin1')),
    u8: (offset, value) => done(bytes.writeUInt8(value, offset)),
    be32: (offset, value) => done(bytes.writeUInt32BE(value, offset)),
    be64: (offset, value) => done(bytes.writeBigUInt64BE(BigInt(value), offset)),
    le32: (offset, value) => done(bytes.writeUInt32LE(value, offset)),
    le64: (offset, value) => done(bytes.writeBigUInt64LE(BigInt(value), offset)),
    fill: (start, end, value) => done(bytes.fill(value, start, end).length),
  };
  function done(_written: number): Patchable {
    return patchable;
  }
  return patchable;
}

const CLUSTER = 65_536;

/** A sound qcow2 of 1 MiB, 64 KiB clusters, whose first two clusters hold 0x11 and 0x22 and the rest nothing. */
export function qcow2Image(version: 2 | 3 = 3): Buffer {
  const image = patch(CLUSTER * 6)
    .text(0, 'QFI\u00fb')
    .be32(4, version)
    .be32(20, 16)
    .be64(24, 1024 * 1024)
    .be32(36, 1)
    .be64(40, CLUSTER * 2)
    .be64(48, CLUSTER)
    .be32(56, 1)
    .be64(CLUSTER * 2, CLUSTER * 3)
    .be64(CLUSTER * 3, CLUSTER * 4)
    .be64(CLUSTER * 3 + 8, CLUSTER * 5)
    .fill(CLUSTER * 4, CLUSTER * 5, 0x11)
    .fill(CLUSTER * 5, CLUSTER * 6, 0x22);
  return version === 3 ? image.be32(96, 4).be32(100, 104).bytes : image.bytes;
}

/** A sound qcow of 1 MiB, 4 KiB clusters, whose first cluster holds 0x11. */
export function qcowImage(): Buffer {
  return patch(16_384)
    .text(0, 'QFI\u00fb')
    .be32(4, 1)
    .be64(24, 1024 * 1024)
    .u8(32, 12)
    .u8(33, 9)
    .be64(40, 48)
    .be64(48, 4096)
    .be64(4096, 8192)
    .fill(8192, 12_288, 0x11).bytes;
}

/** A sound QED of 1 MiB, 4 KiB clusters, tables of 2, whose first cluster holds 0x11 and the second is zeros. */
export function qedImage(): Buffer {
  return patch(4096 * 6)
    .text(0, 'QED\0')
    .le32(4, 4096)
    .le32(8, 2)
    .le32(12, 1)
    .le64(40, 4096)
    .le64(48, 1024 * 1024)
    .le64(4096, 4096 * 3)
    .le64(4096 * 3, 4096 * 5)
    .le64(4096 * 3 + 8, 1)
    .fill(4096 * 5, 4096 * 6, 0x11).bytes;
}

/** A sound dynamic VDI of 1 MiB, blocks of 64 KiB, whose first block holds 0x11 and the rest nothing. */
export function vdiImage(): Buffer {
  return patch(1024 + CLUSTER)
    .text(0, '<<< a disk image >>>\n')
    .le32(64, 0xbeda107f)
    .le32(68, 0x0001_0001)
    .le32(72, 400)
    .le32(76, 1)
    .le32(340, 512)
    .le32(344, 1024)
    .le32(360, 512)
    .le64(368, 1024 * 1024)
    .le32(376, CLUSTER)
    .le32(384, 16)
    .fill(512, 512 + 64, 0xff)
    .le32(512, 0)
    .fill(1024, 1024 + CLUSTER, 0x11).bytes;
}

/** A sound COW of 1 MiB in the layout of a machine, whose sectors 0 and 9 hold 0x11 and 0x22; no backing file. */
export function cowImage(layout: 'x86-64' | 'i386'): Buffer {
  const [size, sectorSize, length] = layout === 'x86-64' ? [1040, 1048, 1056] : [1036, 1044, 1048];
  // 2048 sectors: a bitmap of 256 bytes, data from 1536 in either layout.
  return patch(1536 + 512 * 10)
    .text(0, 'OOOM')
    .be32(4, 2)
    .be64(size, 1024 * 1024)
    .be32(sectorSize, 512)
    .u8(length, 0b0000_0001)
    .u8(length + 1, 0b0000_0010)
    .fill(1536, 2048, 0x11)
    .fill(1536 + 512 * 9, 1536 + 512 * 10, 0x22).bytes;
}

/** A sound Parallels disk of 1 MiB, 64 KiB clusters, whose first cluster holds 0x11; entries count sectors or clusters. */
export function parallelsImage(magic: 'WithoutFreeSpace' | 'WithouFreSpacExt'): Buffer {
  return patch(CLUSTER * 2)
    .text(0, magic)
    .le32(16, 2)
    .le32(28, 128)
    .le32(32, 16)
    .le64(36, 2048)
    .le32(44, 0x312e_3276)
    .le32(48, 128)
    .le32(64, magic === 'WithoutFreeSpace' ? 128 : 1)
    .fill(CLUSTER, CLUSTER * 2, 0x11).bytes;
}

/** Bytes that no compressor shrinks, the same in every run. */
export function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}
