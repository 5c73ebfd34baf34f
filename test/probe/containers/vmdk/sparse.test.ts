import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import { descriptor, SECTOR, sparseImage, GRAIN, DATA, WINDOW, SOUND } from '../vmdk-image.ts';

describe('hosted sparse VMDK', () => {
  it.each([1, 2, 3])('of version %i in the layout of Workstation is read', async (version) => {
    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header: { version } }));

    expect(opened.container).toMatchObject({ virtualSize: 2048 * SECTOR, sectorSize: 512, safety: [] });
    expect(opened.container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    guestIs(opened.guest, WINDOW);
    expect(opened.requests).toBe(1);
  });

  it('takes grains that are not there for zeros, and zeroed ones where the header allows them', async () => {
    const zeroed = await openBytes(VMDK, sparseImage({ ...SOUND, header: { flags: 7 }, grains: [1, 256] }));
    const forbidden = await openBytes(VMDK, sparseImage({ ...SOUND, grains: [1, 256] }));
    const hole = await openBytes(VMDK, sparseImage({ ...SOUND, grains: [0, 256] }));
    const expected = Buffer.concat([Buffer.alloc(GRAIN), DATA.subarray(GRAIN, GRAIN + 4096)]);

    guestIs(zeroed.guest, expected);
    guestIs(hole.guest, expected);
    expect(forbidden.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(forbidden.guest).toBeInstanceOf(Unreadable);
  });

  it.each([0n, 2n ** 40n])('uses the redundant directory where the other is at sector %d', async (directory) => {
    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header: { directory } }));
    const neither = await openBytes(VMDK, sparseImage({ ...SOUND, header: { directory, redundant: 2n ** 63n } }));
    const without = await openBytes(VMDK, sparseImage({ ...SOUND, header: { directory, flags: 1 } }));

    expect(opened.container.safety).toEqual(['TABLE_OUT_OF_BOUNDS']);
    guestIs(opened.guest, WINDOW);
    for (const { container } of [neither, without]) {
      expect(container).toMatchObject({ safety: ['TABLE_OUT_OF_BOUNDS'], guest: { kind: 'closed' } });
    }
  });

  it('does not follow a directory that begins where the file ends', async () => {
    const { container } = await openBytes(VMDK, sparseImage({ header: { directory: 128n, flags: 1 } }));

    expect(container).toMatchObject({ safety: ['TABLE_OUT_OF_BOUNDS'], guest: { kind: 'closed' } });
  });

  it('crosses from one grain table to the next', async () => {
    // Two grains of 16 sectors a table, so the window needs five tables.
    const image = sparseImage({
      header: { grain: 16n, entriesPerTable: 2, capacity: 160n },
      data: DATA,
      descriptor: descriptor(),
    });
    for (const [table, sector] of [40, 41, 42, 43, 44].entries()) {
      image.writeUInt32LE(sector, 26 * SECTOR + table * 4);
      image.writeUInt32LE(128 + table * 32, sector * SECTOR);
      image.writeUInt32LE(144 + table * 32, sector * SECTOR + 4);
    }

    const opened = await openBytes(VMDK, image);

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
  });

  it('is stale after an unclean shutdown', async () => {
    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header: { unclean: 1 } }));

    expect(opened.container).toMatchObject({ safety: ['DIRTY'], guest: { kind: 'mapped', tables: 'stale' } });
    guestIs(opened.guest, WINDOW);
  });

  it('never reads zeros past the end of the file', async () => {
    const cut = sparseImage(SOUND).subarray(0, 128 * SECTOR + 40_000);

    const opened = await openBytes(VMDK, cut);
    const before = await openBytes(VMDK, cut, 0, 39_000);
    const outside = await openBytes(VMDK, sparseImage({ grains: [0x00ffffff] }));

    expect(opened.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
    guestIs(before.guest, DATA.subarray(0, 39_000));
    expect(outside.guest).toBeInstanceOf(Unreadable);
  });

  it('loses the grains of a table past the end of the file', async () => {
    const image = sparseImage(SOUND);
    image.writeUInt32LE(0x00ffffff, 26 * SECTOR);

    const opened = await openBytes(VMDK, image);

    expect(opened.container.safety).toEqual(['TABLE_OUT_OF_BOUNDS']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });

  it('of a split disk has no descriptor, and is refused by Glance', async () => {
    const none = { descriptorOffset: 0n, descriptorSize: 0n };

    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header: none, descriptor: '' }));

    expect(opened.container.safety).toEqual(['SUBTYPE_REFUSED']);
    guestIs(opened.guest, WINDOW);
  });

  it('with deflated grains without markers is read', async () => {
    const [first, second] = [deflateSync(DATA.subarray(0, GRAIN)), deflateSync(DATA.subarray(GRAIN))];
    const between = Math.ceil(first.length / SECTOR) * SECTOR;
    const data = Buffer.concat([first, Buffer.alloc(between - first.length), second]);
    const header = { flags: 0x10003, algorithm: 1, version: 3 };

    const opened = await openBytes(VMDK, sparseImage({ header, grains: [128, 128 + between / SECTOR], data }));

    const short = await openBytes(
      VMDK,
      sparseImage({ header, grains: [128], data: deflateSync(DATA.subarray(0, 1000)) }),
    );

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
    expect(short.guest).toBeInstanceOf(Unreadable);
  });
});
