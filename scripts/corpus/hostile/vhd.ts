import type { SafetyCode } from '../../../src/model/safety.ts';
import { be32, be64, le16, le32, le64 } from '../bytes.ts';
import { crc32c, vhdChecksum } from '../checksums.ts';
import { type Label, NOT_SURE, SURE_OR_LIKELY, typed, untyped } from '../label.ts';
import { container, type Recipe, sample } from '../recipe.ts';
import { type Patch, patch, type Workshop } from '../workshop.ts';

const DYNAMIC = 'containers/vhd-mbr';
const FIXED = 'containers/vhd-fixed-mbr';
const VHDX = 'containers/vhdx-mbr';

/** Changes the footer and its copy at the front, and makes their checksums right again (VHD specification 1.0). */
async function withFooter(shop: Workshop, from: string, file: string, patches: readonly Patch[]): Promise<void> {
  await shop.copy(from, file);
  const image = await shop.read(from);
  const footer = Buffer.from(image.subarray(-512));
  for (const [offset, bytes] of patches)
    footer.set(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, offset);
  footer.set(be32(0), 64);
  footer.set(be32(vhdChecksum(footer)), 64);
  const front: Patch[] = from === FIXED ? [] : [[0, footer]];
  await patch(file, [...front, [image.length - 512, footer]]);
}

/** Changes the dynamic header at 512. */
async function withDynamicHeader(shop: Workshop, file: string, patches: readonly Patch[]): Promise<void> {
  await shop.copy(DYNAMIC, file);
  const header = Buffer.from((await shop.read(DYNAMIC)).subarray(512, 512 + 1024));
  for (const [offset, bytes] of patches)
    header.set(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, offset);
  header.set(be32(0), 36);
  header.set(be32(vhdChecksum(header)), 36);
  await patch(file, [[512, header]]);
}

function vhd(
  name: string,
  patches: readonly Patch[],
  safety: readonly SafetyCode[],
  more: readonly SafetyCode[],
): Recipe {
  const label = untyped({ containerType: 'vhd', mustHaveSafety: safety, mayHaveSafety: more });
  return sample(`hostile/vhd-${name}`, label, [DYNAMIC], (shop, file) => withDynamicHeader(shop, file, patches));
}

/** Positions of the items in the metadata of a VHDX as qemu-img lays it out, found by their GUIDs. */
const FILE_PARAMETERS = Buffer.from('3767a1ca36fa434db3b633f0aa44e76b', 'hex');
const LOGICAL_SECTOR = Buffer.from('1dbf41816fa90947ba47f233a8faab5f', 'hex');

async function metadataItem(shop: Workshop, from: string, item: Buffer): Promise<number> {
  const image = await shop.read(from);
  const region = image.indexOf('metadata', 0x30_000 + 0x10_000);
  const entry = image.indexOf(item, region);
  if (region < 0 || entry < 0) throw new Error('metadata not found');
  return region + image.readUInt32LE(entry + 16);
}

/** Changes both headers of a VHDX and their checksums (MS-VHDX 2.2.2). */
async function withHeaders(
  shop: Workshop,
  file: string,
  patches: readonly Patch[],
  checksum: 'right' | 'wrong',
): Promise<void> {
  await shop.copy(VHDX, file);
  const image = await shop.read(VHDX);
  for (const at of [0x1_0000, 0x2_0000]) {
    const header = Buffer.from(image.subarray(at, at + 4096));
    for (const [offset, bytes] of patches)
      header.set(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, offset);
    header.set(le32(0), 4);
    header.set(le32(checksum === 'right' ? crc32c(header) : 1), 4);
    await patch(file, [[at, header]]);
  }
}

const vhdx = (extra: Parameters<typeof untyped>[0]): Label => untyped({ containerType: 'vhdx', ...extra });

export const hostileVhd: readonly Recipe[] = [
  sample(
    'hostile/vhd-differencing',
    untyped({ containerType: 'vhd', mustHaveSafety: ['PARENT_NEEDED'] }),
    [DYNAMIC],
    async (shop, file) => {
      await withFooter(shop, DYNAMIC, file, [[60, be32(4)]]);
      const header = Buffer.from((await shop.read(DYNAMIC)).subarray(512, 512 + 1024));
      header.fill(0x55, 40, 56);
      header.set(Buffer.from('\0/\0e\0t\0c\0/\0p', 'latin1'), 64);
      header.set(be32(0), 36);
      header.set(be32(vhdChecksum(header)), 36);
      // No sector of the first block is here.
      const table = Number(header.readBigUInt64BE(16));
      await patch(file, [
        [512, header],
        [table, be32(0xff_ff_ff_ff)],
      ]);
    },
  ),
  vhd('table-beyond-the-end', [[16, be64(1n << 50n)]], ['TABLE_OUT_OF_BOUNDS'], ['TRUNCATED', 'MALFORMED_HEADER']),
  vhd('table-huge', [[28, be32(0xff_ff_ff_ff)]], [], ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS', 'MALFORMED_HEADER']),
  vhd('block-size-3', [[32, be32(3)]], ['MALFORMED_HEADER'], []),
  vhd('block-size-0', [[32, be32(0)]], ['MALFORMED_HEADER'], []),
  sample(
    'hostile/vhd-block-beyond-the-end',
    untyped({ containerType: 'vhd', mustHaveSafety: ['DATA_OUT_OF_BOUNDS'], mayHaveSafety: ['TRUNCATED'] }),
    [DYNAMIC],
    async (shop, file) => {
      await shop.copy(DYNAMIC, file);
      const table = Number((await shop.read(DYNAMIC)).readBigUInt64BE(512 + 16));
      await patch(file, [[table, be32(0x7f_ff_ff_ff)]]);
    },
  ),
  sample(
    'hostile/vhd-bad-checksum',
    typed('disk', {
      containerType: 'vhd',
      mustHaveSafety: ['HEADERS_DISAGREE'],
      mayHaveSafety: ['MALFORMED_HEADER'],
      mayBeUndetermined: 'damaged',
    }),
    [DYNAMIC],
    async (shop, file) => {
      await shop.copy(DYNAMIC, file);
      await patch(file, [[64, '\x01\x02\x03\x04']]);
    },
  ),
  sample(
    'hostile/vhd-front-and-footer-disagree',
    typed('disk', {
      containerType: 'vhd',
      mayHaveSafety: ['HEADERS_DISAGREE', 'MALFORMED_HEADER', 'TRUNCATED'],
      mayBeUndetermined: 'damaged',
    }),
    [DYNAMIC],
    async (shop, file) => {
      await shop.copy(DYNAMIC, file);
      const { length } = await shop.read(DYNAMIC);
      await patch(file, [[length - 512 + 48, be64(1_048_576)]]);
    },
  ),
  // A whole footer, but for another size than the file has: some tool cut the file, or made it longer.
  sample(
    'hostile/vhd-fixed-stale-footer',
    typed('disk', { containerType: 'vhd', mustHaveSafety: ['SIZE_MISMATCH'] }),
    [FIXED],
    async (shop, file) => {
      await withFooter(shop, FIXED, file, [[48, be64(1_048_576)]]);
    },
  ),
  sample(
    'hostile/vhd-fixed-bad-checksum',
    typed('disk', { mayHaveSafety: ['MALFORMED_HEADER', 'SIZE_MISMATCH'] }),
    [FIXED],
    async (shop, file) => {
      await shop.copy(FIXED, file);
      const { length } = await shop.read(FIXED);
      await patch(file, [[length - 512 + 64, '\x01\x02\x03\x04']]);
    },
  ),
  // The block that holds the table is whole in this file.
  sample(
    'hostile/vhdx-parent',
    typed('disk', {
      containerType: 'vhdx',
      confidences: NOT_SURE,
      mustHaveSafety: ['PARENT_NEEDED'],
      mayBeUndetermined: 'part of the guest is elsewhere',
    }),
    [VHDX],
    async (shop, file) => {
      await shop.copy(VHDX, file);
      await patch(file, [[(await metadataItem(shop, VHDX, FILE_PARAMETERS)) + 4, le32(2)]]);
    },
  ),
  sample(
    'hostile/vhdx-dirty-log',
    typed('disk', { containerType: 'vhdx', confidences: NOT_SURE, mustHaveSafety: ['DIRTY'] }),
    [VHDX],
    (shop, file) => withHeaders(shop, file, [[48, Buffer.alloc(16, 0x33)]], 'right'),
  ),
  sample(
    'hostile/vhdx-bad-checksums',
    vhdx({ mustHaveSafety: ['MALFORMED_HEADER'], mayHaveSafety: ['HEADERS_DISAGREE'] }),
    [VHDX],
    (shop, file) => withHeaders(shop, file, [], 'wrong'),
  ),
  sample(
    'hostile/vhdx-version-2',
    vhdx({ mustHaveSafety: ['MALFORMED_HEADER'], mayHaveSafety: ['UNKNOWN_FEATURE_BITS'] }),
    [VHDX],
    (shop, file) => withHeaders(shop, file, [[66, le16(2)]], 'right'),
  ),
  sample(
    'hostile/vhdx-block-beyond-the-end',
    vhdx({ mustHaveSafety: ['DATA_OUT_OF_BOUNDS'], mayHaveSafety: ['TRUNCATED'] }),
    [VHDX],
    async (shop, file) => {
      await shop.copy(VHDX, file);
      await patch(file, [[await blockTable(shop, VHDX), le64((1n << 45n) | 6n)]]);
    },
  ),
  {
    ...container(
      'containers/vhdx-4kn',
      typed('disk', { containerType: 'vhdx', confidences: SURE_OR_LIKELY }),
      'disks/gpt-4kn.img',
      async (shop, file) => {
        await shop.run('qemu-img', ['convert', '-q', '-f', 'raw', '-O', 'vhdx', shop.path('disks/gpt-4kn.img'), file]);
        const name = 'containers/vhdx-4kn';
        await patch(file, [[await metadataItem(shop, name, LOGICAL_SECTOR), le32(4096)]]);
      },
    ),
  },
];

async function blockTable(shop: Workshop, from: string): Promise<number> {
  const image = await shop.read(from);
  const entry = image.indexOf(Buffer.from('6677c22d23f600429d64115e9bfd4a08', 'hex'), 0x3_0000);
  return Number(image.readBigUInt64LE(entry + 16));
}
