import { describe, expect, it } from 'vitest';
import { COW } from '../../../src/probe/containers/cow.ts';
import { cowImage, patch } from './bytes.ts';
import { openBytes } from './image-file.ts';
import { field, itJudges, MALFORMED, OUTSIDE } from './header-cases.ts';

describe.each(['x86-64', 'i386'] as const)('cow, %s', (layout) => {
  const [size, sectorSize, length] = layout === 'x86-64' ? [1040, 1048, 1056] : [1036, 1044, 1048];
  itJudges(COW, cowImage(layout), [
    field('backing file, first sectors there, others not', (image) => image.text(8, 'base'), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED'],
      guest: 'unreadable',
    }),
    field('backing file, nothing there', (image) => image.text(8, 'base').u8(length, 0), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file json:', (image) => image.text(8, 'json:{}'), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED', 'REMOTE_NAME'],
      guest: 'unreadable',
    }),
    field('backing file whose name ends before a colon', (image) => image.text(8, 'base\0nbd:'), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED'],
      guest: 'unreadable',
    }),
    field('neither layout', (image) => image.be32(sectorSize, 513), MALFORMED),
    field('virtual size not in sectors', (image) => image.be64(size, 1_000_001), MALFORMED),
    field('bitmap past the end', (image) => image.be64(size, 2 ** 40), OUTSIDE),
    field('sector past the end', (image) => image.u8(length + 1, 0b0000_0110), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('version 3', (image) => image.be32(4, 3), {
      safety: ['PARENT_NEEDED'],
      guest: { closed: 'needs a backing file' },
    }),
  ]);

  it('has a bitmap of whole bytes, and data at the next sector', async () => {
    const sectors = (1536 - length) * 8 + 1;
    const image = patch(cowImage(layout))
      .be64(size, sectors * 512)
      .fill(2048, 2560, 0x33);
    expect((await openBytes(COW, image.bytes, 0, 512)).guest).toEqual(new Uint8Array(512).fill(0x33));
  });

  it('maps sectors by their bit, least significant first', async () => {
    const { guest, container } = await openBytes(COW, cowImage(layout), 0, 512 * 16);
    const expected = new Uint8Array(512 * 16).fill(0x11, 0, 512).fill(0x22, 512 * 9, 512 * 10);
    expect(guest).toEqual(expected);
    expect(container.virtualSize).toBe(1024 * 1024);
  });
});
