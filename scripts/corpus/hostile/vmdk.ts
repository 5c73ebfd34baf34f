import { writeFile } from 'node:fs/promises';
import type { SafetyCode } from '../../../src/model/safety.ts';
import { assemble, le32, le64 } from '../bytes.ts';
import { type Label, NOT_SURE, SURE_OR_LIKELY, typed, untyped } from '../label.ts';
import { container, type Recipe, sample } from '../recipe.ts';
import { patch, type Workshop } from '../workshop.ts';

/** VMware Virtual Disk Format 5.0: positions in the sparse header, and its markers. */
const SPARSE = 'containers/vmdk-mbr';
const STREAM = 'containers/vmdk-stream-mbr';
const SECTOR = 512;

function descriptor(createType: string, extents: readonly string[], more = ''): string {
  return [
    '# Disk DescriptorFile',
    'version=1',
    'CID=12345678',
    'parentCID=ffffffff',
    `createType="${createType}"`,
    more,
    '# Extent description',
    ...extents,
    '# The Disk Data Base',
    'ddb.adapterType = "ide"',
    '',
  ].join('\n');
}

const EXTERNAL: Label = untyped({
  containerType: 'vmdk',
  mustHaveSafety: ['EXTERNAL_EXTENTS'],
  mayHaveSafety: ['SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED', 'PARENT_NEEDED'],
});

const DESCRIPTORS: readonly (readonly [name: string, text: string])[] = [
  ['absolute', descriptor('monolithicFlat', ['RW 131072 FLAT "/etc/passwd" 0'])],
  ['relative', descriptor('monolithicFlat', ['RW 131072 FLAT "../../other-tenant" 0'])],
  ['vmfs', descriptor('vmfs', ['RW 131072 VMFS "disk-flat.vmdk"'])],
  ['device', descriptor('fullDevice', ['RW 131072 FLAT "/dev/sda" 0'])],
  ['upper-case', descriptor('monolithicFlat', ['RW 131072 FLAT "/etc/passwd" 0']).toUpperCase()],
  ['comment-first', `\n\n# anything\n# else\n${descriptor('monolithicFlat', ['RW 131072 FLAT "/etc/passwd" 0'])}`],
  ['crlf', descriptor('monolithicFlat', ['RW 131072 FLAT "/etc/passwd" 0']).replaceAll('\n', '\r\n')],
  ['version-only', 'version=1\nRW 131072 FLAT "/etc/passwd" 0\n'],
];

/** The descriptor inside a sparse file, changed in place. */
async function withDescriptor(
  shop: Workshop,
  from: string,
  file: string,
  change: (text: string) => string,
): Promise<void> {
  await shop.copy(from, file);
  const head = (await shop.read(from)).subarray(0, 64 * 1024);
  const start = Number(head.readBigUInt64LE(28)) * SECTOR;
  const length = Number(head.readBigUInt64LE(36)) * SECTOR;
  const text = head
    .subarray(start, start + length)
    .toString('latin1')
    .replace(/\0+$/, '');
  const changed = change(text);
  if (changed === text) throw new Error('the descriptor is not as expected');
  await patch(file, [[start, assemble(length, [[0, changed]])]]);
}

function redescribed(
  name: string,
  change: (text: string) => string,
  safety: readonly SafetyCode[],
  label: Label,
): Recipe {
  return sample(`hostile/vmdk-${name}`, { ...label, mustHaveSafety: safety }, [SPARSE], (shop, file) =>
    withDescriptor(shop, SPARSE, file, change),
  );
}

const disk = typed('disk', { containerType: 'vmdk', mayBeUndetermined: 'a descriptor that contradicts the file' });

/** The layout of VMware's exports: the header does not know where the directory is, a copy of it at the end does. */
async function directoryAtEnd(shop: Workshop, from: string, file: string): Promise<void> {
  const image = await shop.read(from);
  const header = Buffer.from(image.subarray(0, SECTOR));
  header.set(le32(3), 4);
  const footer = Buffer.from(header);
  header.set(le64(0xffff_ffff_ffff_ffffn), 56);
  const padded = Buffer.concat([image, Buffer.alloc((SECTOR - (image.length % SECTOR)) % SECTOR)]);
  // qemu-img ends the stream with its own end marker, which must come last.
  const end = padded.subarray(-SECTOR).every((byte) => byte === 0) ? padded.subarray(0, -SECTOR) : padded;
  padded.set(header, 0);
  const marker = assemble(SECTOR, [
    [0, le64(1)],
    [12, le32(3)],
  ]);
  await writeFile(file, Buffer.concat([end, marker, footer, Buffer.alloc(SECTOR)]));
}

const HOSTED: Label = typed('disk', { containerType: 'vmdk', confidences: SURE_OR_LIKELY });

export const hostileVmdk: readonly Recipe[] = [
  ...DESCRIPTORS.map(([name, text]) =>
    sample(`hostile/vmdk-descriptor-${name}.vmdk`, EXTERNAL, [], (_shop, file) => writeFile(file, text)),
  ),
  sample(
    'hostile/vmdk-descriptor-padded.vmdk',
    { ...EXTERNAL, mustHaveSafety: ['EXTERNAL_EXTENTS', 'SMUGGLED_DESCRIPTOR'] },
    [],
    (_shop, file) =>
      writeFile(file, assemble(2048, [[0, descriptor('monolithicFlat', ['RW 131072 FLAT "/etc/passwd" 0'])]])),
  ),
  // A header of a disk without sectors: QEMU then reads the descriptor as if it were alone.
  sample(
    'hostile/vmdk-capacity-0',
    {
      ...EXTERNAL,
      mustHaveSafety: ['SMUGGLED_DESCRIPTOR'],
      mayHaveSafety: ['EXTERNAL_EXTENTS', 'SUBTYPE_REFUSED', 'MALFORMED_HEADER'],
    },
    [SPARSE],
    async (shop, file) => {
      await withDescriptor(shop, SPARSE, file, () => descriptor('monolithicFlat', ['RW 131072 FLAT "/etc/passwd" 0']));
      await patch(file, [[12, le64(0)]]);
    },
  ),
  redescribed('type-flat', (text) => text.replace('monolithicSparse', 'monolithicFlat'), ['SUBTYPE_REFUSED'], {
    ...disk,
    mayHaveSafety: ['EXTERNAL_EXTENTS', 'HEADERS_DISAGREE'],
  }),
  redescribed('type-two-gb', (text) => text.replace('monolithicSparse', 'twoGbMaxExtentSparse'), ['SUBTYPE_REFUSED'], {
    ...disk,
    mayHaveSafety: ['EXTERNAL_EXTENTS'],
  }),
  redescribed(
    'extent-flat',
    (text) => text.replace(/RW \d+ SPARSE "[^"]*"/, 'RW 131072 FLAT "/etc/passwd" 0'),
    ['EXTERNAL_EXTENTS'],
    { ...disk, mayHaveSafety: ['SUBTYPE_REFUSED'] },
  ),
  redescribed('extent-path', (text) => text.replace(/SPARSE "[^"]*"/, 'SPARSE "/etc/passwd"'), ['EXTERNAL_EXTENTS'], {
    ...disk,
    mayHaveSafety: ['SUBTYPE_REFUSED'],
  }),
  redescribed(
    'two-extents',
    (text) => text.replace(/(RW \d+ SPARSE "[^"]*")/, '$1\nRW 131072 SPARSE "second.vmdk"'),
    ['EXTERNAL_EXTENTS'],
    { ...disk, mayHaveSafety: ['SUBTYPE_REFUSED'] },
  ),
  redescribed(
    'parent',
    (text) => text.replace('parentCID=ffffffff', 'parentCID=12345678\nparentFileNameHint="/etc/passwd"'),
    ['PARENT_NEEDED'],
    { ...disk, mayHaveSafety: ['BACKING_FILE', 'SUBTYPE_REFUSED'] },
  ),
  sample(
    'hostile/vmdk-directory-beyond-the-end',
    untyped({ containerType: 'vmdk', mustHaveSafety: ['TABLE_OUT_OF_BOUNDS'], mayHaveSafety: ['TRUNCATED'] }),
    [SPARSE],
    async (shop, file) => {
      await shop.copy(SPARSE, file);
      await patch(file, [
        [48, le64(1n << 40n)],
        [56, le64(1n << 40n)],
      ]);
    },
  ),
  sample(
    'hostile/vmdk-grain-3',
    untyped({ containerType: 'vmdk', mustHaveSafety: ['MALFORMED_HEADER'] }),
    [SPARSE],
    async (shop, file) => {
      await shop.copy(SPARSE, file);
      await patch(file, [[20, le64(3)]]);
    },
  ),
  sample(
    'hostile/vmdk-grain-huge',
    untyped({ containerType: 'vmdk', mustHaveSafety: ['MALFORMED_HEADER'], mayHaveSafety: ['OVERSIZED_TABLE'] }),
    [SPARSE],
    async (shop, file) => {
      await shop.copy(SPARSE, file);
      await patch(file, [[20, le64(1n << 50n)]]);
    },
  ),
  sample(
    'hostile/vmdk-version-9',
    untyped({ containerType: 'vmdk', mustHaveSafety: ['MALFORMED_HEADER'], mayHaveSafety: ['UNKNOWN_FEATURE_BITS'] }),
    [SPARSE],
    async (shop, file) => {
      await shop.copy(SPARSE, file);
      await patch(file, [[4, le32(9)]]);
    },
  ),
  sample(
    'hostile/vmdk-text-damage',
    typed('disk', {
      containerType: 'vmdk',
      mustHaveSafety: ['MALFORMED_HEADER'],
      mayBeUndetermined: 'damaged by a text transfer',
    }),
    [SPARSE],
    async (shop, file) => {
      await shop.copy(SPARSE, file);
      await patch(file, [[73, '\x0A\x20\x0A\x0A']]);
    },
  ),
  ...(['mbr', 'ext4', 'iso'] as const).map((short) => {
    const base = { mbr: 'disks/mbr.img', ext4: 'filesystems/ext4.img', iso: 'optical/iso.iso' }[short];
    const type = { mbr: 'disk', ext4: 'filesystem', iso: 'iso9660' } as const;
    const from = `containers/vmdk-stream-${short}`;
    return {
      ...container(`containers/vmdk-stream-end-${short}`, { ...HOSTED, imageType: type[short] }, base, (shop, file) =>
        directoryAtEnd(shop, from, file),
      ),
      needs: [from],
    };
  }),
  sample(
    'hostile/vmdk-footer-disagrees',
    { ...disk, mustHaveSafety: ['HEADERS_DISAGREE'], mayHaveSafety: ['TRUNCATED'] },
    ['containers/vmdk-stream-end-mbr'],
    async (shop, file) => {
      await shop.copy('containers/vmdk-stream-end-mbr', file);
      const { length } = await shop.read('containers/vmdk-stream-end-mbr');
      await patch(file, [[length - 1024 + 12, le64(4096)]]);
    },
  ),
  sample(
    'hostile/vmdk-no-footer',
    // Its grains can still be read forward.
    typed('disk', {
      containerType: 'vmdk',
      confidences: NOT_SURE,
      mustHaveSafety: ['TRUNCATED'],
      mayBeUndetermined: 'the directory is lost',
    }),
    [STREAM],
    async (shop, file) => {
      await shop.copy(STREAM, file);
      await patch(file, [[56, le64(0xffff_ffff_ffff_ffffn)]]);
    },
  ),
];
