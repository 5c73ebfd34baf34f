import { patch, type Patchable } from '../../probe/containers/bytes.ts';
import { footer, seal } from '../../probe/containers/vhd-image.ts';
import { entry, items, metadata, vhdxImage, type ItemFields } from '../../probe/containers/vhdx-image.ts';
import { descriptor, sparseImage, streamImage } from '../../probe/containers/vmdk-image.ts';

/** Containers that hold a guest, as small as QEMU opens them, and written without a tool. */

const CLUSTER = 65_536;
const MIB = 1024 * 1024;

/** A qcow2 of version 2 or 3. */
export function qcow2Of(guest: Uint8Array, version: 2 | 3 = 3): Patchable {
  const clusters = Math.ceil(guest.length / CLUSTER);
  const image = patch(CLUSTER * (4 + clusters))
    .text(0, 'QFI\u00fb')
    .be32(4, version)
    .be32(20, 16)
    .be64(24, Math.ceil(guest.length / 512) * 512)
    .be32(36, 1)
    .be64(40, CLUSTER * 2)
    .be64(48, CLUSTER)
    .be32(56, 1)
    .be64(CLUSTER * 2, 2n ** 63n + BigInt(CLUSTER * 3));
  if (version === 3) image.be32(96, 4).be32(100, 104);
  for (let index = 0; index < clusters; index += 1) {
    image.be64(CLUSTER * 3 + index * 8, 2n ** 63n + BigInt(CLUSTER * (4 + index)));
  }
  image.bytes.set(guest, CLUSTER * 4);
  return image;
}

/** A dynamic VDI of one block. */
export function vdiOf(guest: Uint8Array): Patchable {
  const image = patch(1024 + MIB)
    .text(0, '<<< a disk image >>>\n')
    .le32(64, 0xbeda_107f)
    .le32(68, 0x0001_0001)
    .le32(72, 400)
    .le32(76, 1)
    .le32(340, 512)
    .le32(344, 1024)
    .le32(360, 512)
    .le64(368, MIB)
    .le32(376, MIB)
    .le32(384, 1)
    .le32(388, 1)
    .le32(512, 0);
  image.bytes.set(guest, 1024);
  return image;
}

/** A dynamic VHD of one block. */
export function dynamicVhdOf(guest: Uint8Array): Patchable {
  const header = Buffer.alloc(1024);
  header.write('cxsparse', 0, 'latin1');
  header.fill(0xff, 8, 16);
  header.writeBigUInt64BE(1536n, 16);
  header.writeUInt32BE(0x0001_0000, 24);
  header.writeUInt32BE(2, 28);
  header.writeUInt32BE(2 * MIB, 32);
  seal(header, 36);
  const table = Buffer.alloc(512, 0xff);
  table.writeUInt32BE(4, 0);
  const block = Buffer.alloc(512 + 2 * MIB);
  block.fill(0xff, 0, 512);
  block.set(guest, 512);
  return patch(Buffer.concat([footer(), header, table, block, footer()]));
}

/** A fixed VHD: the guest, then a footer. */
export function fixedVhdOf(guest: Uint8Array): Patchable {
  const size = BigInt(guest.length);
  return patch(
    Buffer.concat([guest, footer({ type: 2, dataOffset: 2n ** 64n - 1n, currentSize: size, geometry: [3, 4, 17] })]),
  );
}

/** A VHDX of one block of 1 MiB. */
export function vhdxOf(guest: Uint8Array): Patchable {
  const block = Buffer.alloc(MIB);
  block.set(guest);
  return patch(vhdxImage({ metadata: metadata(vhdxItems()), entries: { 0: entry(4, 6) }, blocks: block }));
}

/** The five items that QEMU wants. */
export function vhdxItems(): readonly ItemFields[] {
  return [
    ...items({ size: BigInt(MIB) }),
    { guid: 'ab12cabee6b2234593efc309e000c746', value: Buffer.alloc(16, 7) },
    { guid: 'c748a3cd5d4471449cc9e9885251c556', value: Buffer.from([0, 2, 0, 0]) },
  ];
}

/** A monolithic sparse VMDK of grains of 64 KiB. */
export function sparseVmdkOf(guest: Uint8Array): Patchable {
  return patch(
    sparseImage({
      header: { capacity: BigInt(Math.ceil(guest.length / 512)) },
      descriptor: descriptor({ extents: [`RW ${String(Math.ceil(guest.length / 512))} SPARSE "disk.vmdk"`] }),
      grains: Array.from({ length: Math.ceil(guest.length / CLUSTER) }, (_none, index) => 128 * (index + 1)),
      data: Buffer.from(guest),
    }),
  );
}

/** A stream-optimised VMDK whose grain directory a footer has, as vSphere exports it. */
export function streamVmdkOf(guest: Uint8Array): Patchable {
  const sectors = Math.ceil(guest.length / 512);
  const capacity = BigInt(sectors);
  return patch(
    streamImage({
      header: { capacity },
      descriptor: descriptor({ createType: 'streamOptimized', extents: [`RW ${String(sectors)} SPARSE "disk.vmdk"`] }),
      grains: Array.from({ length: Math.ceil(guest.length / CLUSTER) }, (_none, index) => [
        128 * index,
        Buffer.concat([guest, Buffer.alloc(CLUSTER)]).subarray(index * CLUSTER, (index + 1) * CLUSTER),
      ]),
    }),
  );
}
