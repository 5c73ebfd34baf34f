import { describe } from 'vitest';
import { VDI } from '../../../src/probe/containers/vdi.ts';
import { vdiImage } from './bytes.ts';
import { field, itJudges, MALFORMED, OUTSIDE, OVERSIZED } from './header-cases.ts';

describe('vdi', () => {
  const parent = { safety: ['PARENT_NEEDED'], guest: { closed: 'needs a parent file' } } as const;
  itJudges(VDI, vdiImage(), [
    field('undo image', (image) => image.le32(76, 3), parent),
    field('differencing image', (image) => image.le32(76, 4), parent),
    field('uuid of a linked image', (image) => image.u8(424, 1), parent),
    field('uuid of a parent', (image) => image.u8(455, 1), parent),
    field('image type 0', (image) => image.le32(76, 0), MALFORMED),
    field('image type 5', (image) => image.le32(76, 5), MALFORMED),
    field('version 1.0', (image) => image.le32(68, 0x0001_0000), MALFORMED),
    field('sector size 4096', (image) => image.le32(360, 4096), MALFORMED),
    field('block size 0', (image) => image.le32(376, 0), {
      safety: ['MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('block size 100,000', (image) => image.le32(376, 100_000), MALFORMED),
    field('extra bytes in blocks', (image) => image.le32(380, 512), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'blocks with extra bytes' },
    }),
    field('blocks of all ones', (image) => image.le32(384, 0xffff_ffff), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('more virtual bytes than blocks', (image) => image.le64(368, 1024 * 1024 + 1), MALFORMED),
    field('virtual size of all ones', (image) => image.le64(368, 2n ** 64n - 1n), MALFORMED),
    field('map over the header', (image) => image.le32(340, 0), OUTSIDE),
    field('map into the data', (image) => image.le32(344, 512), OUTSIDE),
    field('map at no boundary', (image) => image.le32(340, 516), MALFORMED),
    field('data at no boundary', (image) => image.le32(344, 1025), MALFORMED),
    field('map past the end', (image) => image.le32(340, 0x1000_0000).le32(344, 0x2000_0000), OUTSIDE),
    field('block past the end', (image) => image.le32(512, 1), { safety: ['DATA_OUT_OF_BOUNDS'], guest: 'unreadable' }),
    field('block far past the end', (image) => image.le32(512, 0xffff_fffd), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('discarded block', (image) => image.le32(512, 0xffff_fffe), { safety: [], guest: 'read' }),
  ]);
});
