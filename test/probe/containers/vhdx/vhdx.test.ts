import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../src/probe/reading/checksums.ts';
import { VHDX } from '../../../../src/probe/containers/vhdx/vhdx.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import {
  entry,
  GUID,
  header,
  items,
  metadata,
  METADATA_REGION,
  regionTable,
  TABLE_REGION,
  vhdxImage,
  type HeaderFields,
  type ItemFields,
  type RegionFields,
  DATA,
  WINDOW,
  SOUND,
} from '../vhdx-image.ts';

const MIB = 1024 * 1024;

describe('VHDX', () => {
  it('reads its blocks and takes the others for zeros', async () => {
    const opened = await openBytes(VHDX, vhdxImage(SOUND));
    const behind = await openBytes(VHDX, vhdxImage(SOUND), MIB - 512, 1024);

    expect(opened.container).toMatchObject({ virtualSize: 8 * MIB, sectorSize: 512, safety: [] });
    expect(opened.container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    guestIs(opened.guest, WINDOW);
    guestIs(behind.guest, Buffer.concat([DATA.subarray(MIB - 512), Buffer.alloc(512)]));
  });

  it('has sectors of 4096 bytes where it says so', async () => {
    const image = vhdxImage({ ...SOUND, metadata: metadata(items({ sectorSize: 4096 })) });

    const opened = await openBytes(VHDX, image);

    expect(opened.container).toMatchObject({ sectorSize: 4096, safety: [] });
    guestIs(opened.guest, WINDOW);
  });

  it.each([0, 1, 2, 3, 5])('takes a block in state %i for zeros', async (state) => {
    const opened = await openBytes(VHDX, vhdxImage({ entries: { 0: entry(4, state) }, blocks: DATA }));

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, Buffer.alloc(69_632));
  });

  it('counts the entries of bitmap blocks in', async () => {
    // Blocks of 256 MiB and sectors of 512: an entry for a bitmap after every 16.
    const image = vhdxImage({
      metadata: metadata(items({ blockSize: 256 * MIB, size: BigInt(2 ** 33) })),
      entries: { 15: entry(900, 6), 16: entry(901, 6), 17: entry(4, 6) },
      blocks: DATA,
    });

    const opened = await openBytes(VHDX, image, 16 * 256 * MIB, 4096);

    guestIs(opened.guest, DATA.subarray(0, 4096));
  });

  it('goes by the header of the higher sequence number', async () => {
    const dirty = { logGuid: 1 } as const;
    const first = vhdxImage({ ...SOUND, headers: [header({ ...dirty, sequence: 9n }), header({ sequence: 8n })] });
    const second = vhdxImage({ ...SOUND, headers: [header({ ...dirty, sequence: 8n }), header({ sequence: 9n })] });

    expect((await openBytes(VHDX, first)).container.safety).toEqual(['DIRTY']);
    expect((await openBytes(VHDX, second)).container.safety).toEqual([]);
  });

  it('takes two headers that are the same, as Disk2VHD writes them', async () => {
    const opened = await openBytes(VHDX, vhdxImage({ ...SOUND, headers: [header(), header()] }));

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
  });

  it('reads on with one header or one region table, and says so', async () => {
    const zeros = Buffer.alloc(4096);
    const noTable = Buffer.alloc(65_536);
    for (const image of [
      vhdxImage({ ...SOUND, headers: [zeros, header()] }),
      vhdxImage({ ...SOUND, headers: [header(), zeros] }),
      vhdxImage({ ...SOUND, regions: [noTable, regionTable()] }),
      vhdxImage({ ...SOUND, regions: [regionTable(), noTable] }),
      vhdxImage({ ...SOUND, regions: [regionTable(), regionTable([TABLE_REGION])] }),
    ]) {
      const opened = await openBytes(VHDX, image);
      expect(opened.container.safety).toEqual(['HEADERS_DISAGREE']);
      guestIs(opened.guest, WINDOW);
    }
  });

  it('passes over regions and items that are not required', async () => {
    const optional: RegionFields = { guid: GUID.unknown, offset: 0n, length: 0, required: 0 };
    const item: ItemFields = { guid: GUID.unknown, value: Buffer.alloc(4), flags: 0 };
    const image = vhdxImage({
      ...SOUND,
      regions: [
        regionTable([optional, TABLE_REGION, METADATA_REGION]),
        regionTable([optional, TABLE_REGION, METADATA_REGION]),
      ],
      metadata: metadata([item, ...items()]),
    });

    const opened = await openBytes(VHDX, image);

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
  });

  it('does not take an item of the user for one of the system', async () => {
    const user: ItemFields = { guid: GUID.diskSize, value: Buffer.alloc(8, 1), flags: 1 };

    const opened = await openBytes(VHDX, vhdxImage({ ...SOUND, metadata: metadata([user, ...items()]) }));

    expect(opened.container).toMatchObject({ virtualSize: 8 * MIB, safety: [] });
  });

  it('is stale while a log waits', async () => {
    const { container, guest } = await openBytes(
      VHDX,
      vhdxImage({ ...SOUND, headers: [header({ sequence: 1n }), header({ logGuid: 0x33 })] }),
    );

    expect(container).toMatchObject({ safety: ['DIRTY'], guest: { kind: 'mapped', tables: 'stale' } });
    guestIs(guest, WINDOW);
  });

  it('never reads zeros past the end of the file', async () => {
    const cut = vhdxImage(SOUND).subarray(0, 4 * MIB + 65_536);

    const opened = await openBytes(VHDX, cut);
    const before = await openBytes(VHDX, cut, 0, 65_536);
    const outside = await openBytes(VHDX, vhdxImage({ entries: { 0: (2n ** 64n - 1n) & ~1n & ~0xffff8n } }));

    expect(opened.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
    guestIs(before.guest, DATA.subarray(0, 65_536));
    expect(outside.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(outside.guest).toBeInstanceOf(Unreadable);
  });
});

describe('hostile VHDX', () => {
  const withHeaders = (fields: HeaderFields) => vhdxImage({ ...SOUND, headers: [header(fields), header(fields)] });
  const withRegions = (...regions: readonly RegionFields[]) =>
    vhdxImage({ ...SOUND, regions: [regionTable(regions), regionTable(regions)] });
  const withItems = (...list: readonly ItemFields[]) => vhdxImage({ ...SOUND, metadata: metadata(list) });
  const [parameters, diskSize, logicalSector] = items() as [ItemFields, ItemFields, ItemFields];
  const manyRegions = Buffer.from(regionTable());
  manyRegions.writeUInt32LE(0xffffffff, 8);
  manyRegions.writeUInt32LE(0, 4);
  manyRegions.writeUInt32LE(crc32c(manyRegions), 4);
  const manyItems = metadata(items());
  manyItems.writeUInt16LE(0xffff, 10);

  it.each<readonly [string, string, Buffer]>([
    ['no header', 'MALFORMED_HEADER', vhdxImage({ ...SOUND, headers: [Buffer.alloc(4096), Buffer.alloc(4096)] })],
    [
      'wrong checksums',
      'MALFORMED_HEADER',
      vhdxImage({ ...SOUND, headers: [header().fill(1, 90, 91), header().fill(1, 90, 91)] }),
    ],
    [
      'two different headers of one number',
      'MALFORMED_HEADER',
      vhdxImage({ ...SOUND, headers: [header({ logGuid: 1 }), header({ logGuid: 2 })] }),
    ],
    ['version 2', 'MALFORMED_HEADER', withHeaders({ version: 2 })],
    ['a log of version 1', 'MALFORMED_HEADER', withHeaders({ logGuid: 1, logVersion: 1 })],
    ['a log over the headers', 'MALFORMED_HEADER', withHeaders({ logOffset: 0n })],
    ['a log at no mebibyte', 'MALFORMED_HEADER', withHeaders({ logOffset: 1_048_577n })],
    ['a log past the end', 'TABLE_OUT_OF_BOUNDS', withHeaders({ logGuid: 1, logOffset: 2n ** 40n })],
    ['no region table', 'MALFORMED_HEADER', vhdxImage({ regions: [Buffer.alloc(65_536), Buffer.alloc(65_536)] })],
    ['2^32 regions', 'MALFORMED_HEADER', vhdxImage({ regions: [manyRegions, manyRegions] })],
    ['no metadata region', 'MALFORMED_HEADER', withRegions(TABLE_REGION)],
    ['no block table', 'MALFORMED_HEADER', withRegions(METADATA_REGION)],
    ['a region twice', 'MALFORMED_HEADER', withRegions(TABLE_REGION, METADATA_REGION, TABLE_REGION)],
    [
      'regions that overlap',
      'MALFORMED_HEADER',
      withRegions({ ...TABLE_REGION, offset: METADATA_REGION.offset }, METADATA_REGION),
    ],
    ['a region over the headers', 'MALFORMED_HEADER', withRegions({ ...TABLE_REGION, offset: 0n }, METADATA_REGION)],
    [
      'a region at no mebibyte',
      'MALFORMED_HEADER',
      withRegions({ ...TABLE_REGION, offset: 3_145_729n }, METADATA_REGION),
    ],
    [
      'a region past the end',
      'TABLE_OUT_OF_BOUNDS',
      withRegions({ ...TABLE_REGION, offset: 2n ** 40n }, METADATA_REGION),
    ],
    ['a region at 2^63', 'MALFORMED_HEADER', withRegions({ ...TABLE_REGION, offset: 2n ** 63n }, METADATA_REGION)],
    [
      'an unknown required region',
      'UNKNOWN_FEATURE_BITS',
      withRegions({ ...TABLE_REGION, guid: GUID.unknown }, TABLE_REGION, METADATA_REGION),
    ],
    ['no metadata table', 'MALFORMED_HEADER', vhdxImage({ ...SOUND, metadata: Buffer.alloc(MIB) })],
    ['65535 items', 'MALFORMED_HEADER', vhdxImage({ ...SOUND, metadata: manyItems })],
    [
      'an unknown required item',
      'UNKNOWN_FEATURE_BITS',
      withItems(parameters, diskSize, logicalSector, { guid: GUID.unknown, value: Buffer.alloc(4) }),
    ],
    ['no disk size', 'MALFORMED_HEADER', withItems(parameters, logicalSector)],
    ['an item twice', 'MALFORMED_HEADER', withItems(parameters, diskSize, logicalSector, diskSize)],
    ['an item in the table', 'MALFORMED_HEADER', withItems(parameters, { ...diskSize, offset: 32 }, logicalSector)],
    [
      'an item past its region',
      'MALFORMED_HEADER',
      withItems(parameters, { ...diskSize, offset: MIB - 4 }, logicalSector),
    ],
    ['an item too short', 'MALFORMED_HEADER', withItems(parameters, { ...diskSize, length: 4 }, logicalSector)],
    ['blocks of 3 MiB', 'MALFORMED_HEADER', withItems(...items({ blockSize: 3 * MIB }))],
    ['blocks of 512 KiB', 'MALFORMED_HEADER', withItems(...items({ blockSize: MIB / 2 }))],
    ['blocks of 512 MiB', 'MALFORMED_HEADER', withItems(...items({ blockSize: 512 * MIB }))],
    ['sectors of 1024 bytes', 'MALFORMED_HEADER', withItems(...items({ sectorSize: 1024 }))],
    ['a disk of nothing', 'MALFORMED_HEADER', withItems(...items({ size: 0n }))],
    ['a disk of half a sector', 'MALFORMED_HEADER', withItems(...items({ size: 256n }))],
    ['a disk beyond 64 TiB', 'MALFORMED_HEADER', withItems(...items({ size: 2n ** 47n }))],
    ['a disk of 2^64 bytes', 'MALFORMED_HEADER', withItems(...items({ size: 2n ** 64n - 512n }))],
    ['a block table too short', 'TABLE_OUT_OF_BOUNDS', withItems(...items({ size: 2n ** 46n }))],
    ['nothing but its identifier', 'MALFORMED_HEADER', Buffer.from('vhdxfile')],
  ])('with %s is refused', async (name, code, image) => {
    const { container } = await openBytes(VHDX, image);

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe(name === 'a log past the end' ? 'mapped' : 'closed');
  });

  it('does not take bytes behind the metadata region for an item', async () => {
    // The first entry of the block table, which is the next region, would be a good size.
    const image = vhdxImage({
      entries: { 0: BigInt(8 * MIB) },
      metadata: metadata([parameters, { ...diskSize, offset: MIB }, logicalSector]),
    });

    const { container } = await openBytes(VHDX, image);

    expect(container).toMatchObject({ safety: ['MALFORMED_HEADER'], guest: { kind: 'closed' } });
  });

  it.each([
    ['a state that the format does not know', entry(4, 4)],
    ['a state of a differencing disk', entry(4, 7)],
    ['a block over the headers', entry(0, 6)],
  ])('with %s loses that block', async (_, first) => {
    const opened = await openBytes(VHDX, vhdxImage({ ...SOUND, entries: { 0: first } }));

    expect(opened.container.safety).toEqual(['MALFORMED_HEADER']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });
});
