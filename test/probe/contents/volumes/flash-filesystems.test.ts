import { describe } from 'vitest';
import { rawCrc, signed } from '../support/checksums.ts';
import { itRecognises } from '../support/formats.ts';
import { be, le } from '../support/windows.ts';

const ONE = [1] as const;
const JFFS2 = (order: typeof le, type: number): Uint8Array =>
  signed(
    [
      [0, order(0x1985, 2)],
      [2, order(type, 2)],
      [4, order(12, 4)],
    ],
    8,
    [0, 8],
    (bytes) => order(rawCrc(bytes, 0), 4),
  );

const UBI = signed(
  [
    [0, 'UBI#\x01'],
    [16, be(2048, 4)],
    [20, be(4096, 4)],
  ],
  60,
  [0, 60],
  (bytes) => be(rawCrc(bytes, 0xffff_ffff), 4),
);
const UBIFS = signed(
  [
    [0, [0x31, 0x18, 0x10, 0x06]],
    [16, le(4096, 4)],
    [20, [6]],
    [36, le(126_976, 4)],
    [40, le(4, 4)],
  ],
  4,
  [8, 4096],
  (bytes) => le(rawCrc(bytes, 0xffff_ffff), 4),
);

describe('filesystems for flash memory', () => {
  itRecognises([
    ['filesystem certain JFFS2', JFFS2(le, 0x2003), [8, ONE], [4, ONE]],
    ['filesystem certain JFFS2', JFFS2(be, 0xe001), [8, ONE], [1, [0x84]]],
    ['other certain UBI device', UBI, [60, ONE], [4, [2]], [30, ONE]],
    ['filesystem certain UBIFS', UBIFS, [4, ONE], [20, [7]], [4095, ONE]],
  ]);
});
