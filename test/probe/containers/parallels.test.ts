import { describe, expect, it } from 'vitest';
import { PARALLELS } from '../../../src/probe/containers/parallels.ts';
import { parallelsImage, patch } from './bytes.ts';
import { openBytes } from './image-file.ts';
import { field, itJudges, MALFORMED, OUTSIDE, OVERSIZED } from './header-cases.ts';

describe.each(['WithoutFreeSpace', 'WithouFreSpacExt'] as const)('parallels, %s', (magic) => {
  itJudges(PARALLELS, parallelsImage(magic), [
    field('open', (image) => image.le32(44, 0x746f_6e59), { safety: ['DIRTY'], guest: 'stale' }),
    field('written by a program that does not say', (image) => image.le32(44, 0), { safety: [], guest: 'read' }),
    field('format extension', (image) => image.le64(56, 128), { safety: [], guest: 'read' }),
    field('data behind the table', (image) => image.le32(48, 0), { safety: [], guest: 'read' }),
    field('no sectors in a cluster', (image) => image.le32(28, 0), MALFORMED),
    field('cluster beyond 2 GiB', (image) => image.le32(28, 4_186_134), MALFORMED),
    field('table too small', (image) => image.le32(32, 15), MALFORMED),
    field('table past the end', (image) => image.le32(32, 0x2_0000), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: { closed: 'malformed header' },
    }),
    field('table of all ones', (image) => image.le32(32, 0xffff_ffff), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('table into the data', (image) => image.le32(48, 0).le32(48, 1).le32(32, 200), OUTSIDE),
    field('cluster past the end', (image) => image.le32(64, 1000), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
  ]);
});

describe('parallels', () => {
  it('has 32 bits of the size in the old format, 64 in the extended one', async () => {
    const change = (image: Buffer): Buffer => patch(image).le32(40, 1).bytes;
    const old = await openBytes(PARALLELS, change(parallelsImage('WithoutFreeSpace')));
    expect(old.container).toMatchObject({ virtualSize: 1024 * 1024, safety: [] });
    const extended = await openBytes(PARALLELS, change(parallelsImage('WithouFreSpacExt')));
    expect(extended.container.safety).toEqual(['MALFORMED_HEADER']);
  });

  it('has no cluster over the header or the table', async () => {
    const { bytes } = patch(parallelsImage('WithoutFreeSpace')).le32(48, 0).le32(32, 200).le32(64, 1);
    expect((await openBytes(PARALLELS, bytes)).container.safety).toEqual(['MALFORMED_HEADER']);
  });
});
