import { describe } from 'vitest';
import { QED } from '../../../src/probe/containers/qed.ts';
import { qedImage } from './bytes.ts';
import { FAR, field, itJudges, MALFORMED, OUTSIDE } from './header-cases.ts';

describe('qed', () => {
  itJudges(QED, qedImage(), [
    field('backing file', (image) => image.le64(16, 1).le32(56, 64).le32(60, 4).text(64, 'base'), {
      safety: ['BACKING_FILE'],
      guest: 'unreadable',
    }),
    field('backing file json:', (image) => image.le64(16, 5).le32(56, 64).le32(60, 7).text(64, 'json:{}'), {
      safety: ['BACKING_FILE', 'REMOTE_NAME'],
      guest: 'unreadable',
    }),
    field('backing file, nothing there', (image) => image.le64(16, 1).le32(56, 64).le32(60, 4).le64(4096, 0), {
      safety: ['BACKING_FILE'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file name outside the header', (image) => image.le64(16, 1).le32(56, 4094).le32(60, 4), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('needs a check', (image) => image.le64(16, 2), { safety: ['DIRTY'], guest: 'stale' }),
    field('feature bit 3', (image) => image.le64(16, 8), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'malformed header' },
    }),
    field('cluster size 2 KiB', (image) => image.le32(4, 2048), MALFORMED),
    field('cluster size 128 MiB', (image) => image.le32(4, 2 ** 27), MALFORMED),
    field('cluster size 5000', (image) => image.le32(4, 5000), MALFORMED),
    field('tables of 3 clusters', (image) => image.le32(8, 3), MALFORMED),
    field('tables of 32 clusters', (image) => image.le32(8, 32), MALFORMED),
    field('no header cluster', (image) => image.le32(12, 0), MALFORMED),
    field('header of all ones', (image) => image.le32(12, 0xffff_ffff), {
      safety: ['MALFORMED_HEADER', 'TABLE_OUT_OF_BOUNDS'],
      guest: { closed: 'malformed header' },
    }),
    field('L1 table over the header', (image) => image.le64(40, 0), OUTSIDE),
    field('L1 table past the end', (image) => image.le64(40, 4096 * 6), OUTSIDE),
    field('L1 table at no boundary', (image) => image.le64(40, 4097), MALFORMED),
    field('L1 table beyond any file', (image) => image.le64(40, FAR), OUTSIDE),
    field('virtual size not in sectors', (image) => image.le64(48, 1_000_001), MALFORMED),
    field('virtual size beyond the tables', (image) => image.le64(48, 2 ** 32 + 512), MALFORMED),
    field('L2 table in the header', (image) => image.le64(4096, 1), {
      safety: ['MALFORMED_HEADER'],
      guest: 'unreadable',
    }),
    field('L2 table past the end', (image) => image.le64(4096, 4096 * 6), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster past the end', (image) => image.le64(4096 * 3, 4096 * 6), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster beyond any file', (image) => image.le64(4096 * 3, FAR), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field(
      'cluster in the header',
      (image) =>
        image
          .le32(12, 2)
          .le64(40, 4096 * 2)
          .le64(4096 * 2, 4096 * 3)
          .le64(4096 * 3, 4096),
      { safety: ['MALFORMED_HEADER'], guest: 'unreadable' },
    ),
    field('cluster at no boundary', (image) => image.le64(4096 * 3, 4096 * 5 + 2), {
      safety: ['MALFORMED_HEADER'],
      guest: 'unreadable',
    }),
  ]);
});
