import { describe, expect, it } from 'vitest';
import { VHDX } from '../../../../src/probe/containers/vhdx/vhdx.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import { entry, GUID, items, metadata, vhdxImage, DATA, WINDOW, SOUND } from '../vhdx-image.ts';

const MIB = 1024 * 1024;

describe('differencing VHDX', () => {
  const child = metadata([...items({ flags: 2 }), { guid: GUID.parentLocator, value: Buffer.alloc(20) }]);
  /** The bitmap block of the first chunk, of 4096 blocks of 1 MiB. */
  const BITMAP = 4096;

  it('is read where its first block is here', async () => {
    const opened = await openBytes(VHDX, vhdxImage({ ...SOUND, metadata: child }));

    expect(opened.container.safety).toEqual(['PARENT_NEEDED']);
    guestIs(opened.guest, WINDOW);
  });

  it('reads the sectors that the bitmap, least significant bit first, says are here', async () => {
    const bitmap = Buffer.alloc(MIB);
    bitmap[0] = 0b0000_0111;
    const image = vhdxImage({
      metadata: child,
      entries: { 0: entry(4, 7), [BITMAP]: entry(5, 6) },
      blocks: Buffer.concat([DATA, bitmap]),
    });

    const here = await openBytes(VHDX, image, 0, 1536);
    const missing = await openBytes(VHDX, image, 0, 2048);

    expect(here.container.safety).toEqual(['PARENT_NEEDED']);
    guestIs(here.guest, DATA.subarray(0, 1536));
    expect(missing.guest).toBeInstanceOf(Unreadable);
  });

  it('is closed where its first block is the parent’s', async () => {
    const { container } = await openBytes(VHDX, vhdxImage({ metadata: child, blocks: DATA }));

    expect(container).toMatchObject({ safety: ['PARENT_NEEDED'], virtualSize: 8 * MIB });
    expect(container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });

  it.each([
    ['without its bitmap', { 0: entry(4, 7) }],
    ['with a bitmap over the headers', { 0: entry(4, 7), [BITMAP]: entry(0, 6) }],
  ])('loses a partial block %s', async (_, entries) => {
    const opened = await openBytes(VHDX, vhdxImage({ metadata: child, entries, blocks: DATA }));

    expect(opened.container.safety).toEqual(['MALFORMED_HEADER', 'PARENT_NEEDED']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });
});
