import { describe, expect, it } from 'vitest';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import { cowdImage, SECTOR, DATA, WINDOW } from '../vmdk-image.ts';

describe('COWD', () => {
  const all = Array.from({ length: 140 }, (_, sector) => sector);

  it('is read where all that is wanted is here', async () => {
    const opened = await openBytes(VMDK, cowdImage({ here: all }, DATA));

    expect(opened.container).toMatchObject({
      virtualSize: 4096 * SECTOR,
      safety: ['PARENT_NEEDED', 'SUBTYPE_REFUSED'],
      guest: { kind: 'mapped', tables: 'sound' },
    });
    guestIs(opened.guest, WINDOW);
  });

  it('never takes a grain that is not here for zeros', async () => {
    const some = await openBytes(VMDK, cowdImage({ here: [0, 2] }, DATA), 0, 1536);
    const none = await openBytes(VMDK, cowdImage({ here: [1, 2], parent: 'base.vmdk', flags: 2 }, DATA));

    expect(some.guest).toBeInstanceOf(Unreadable);
    expect(none.container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });

  it.each([{ unclean: 1 }, { flags: 7 }])('is stale with %j', async (fields) => {
    const { container } = await openBytes(VMDK, cowdImage({ here: all, ...fields }, DATA));

    expect(container).toMatchObject({ guest: { kind: 'mapped', tables: 'stale' } });
    expect(container.safety).toContain('DIRTY');
  });

  it.each([
    ['MALFORMED_HEADER', { version: 2 }],
    ['MALFORMED_HEADER', { capacity: 0 }],
    ['MALFORMED_HEADER', { grain: 0 }],
    ['MALFORMED_HEADER', { grain: 0xffffffff }],
    ['MALFORMED_HEADER', { tables: 0 }],
    ['MALFORMED_HEADER', { capacity: 0xffffffff }],
    ['TABLE_OUT_OF_BOUNDS', { directory: 0 }],
    ['TABLE_OUT_OF_BOUNDS', { directory: 0xffffffff }],
  ] as const)('has %s with %j', async (code, fields) => {
    const { container } = await openBytes(VMDK, cowdImage({ here: all, ...fields }, DATA));

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe('closed');
  });
});
