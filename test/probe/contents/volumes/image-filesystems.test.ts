import { describe } from 'vitest';
import { crc32c, signed, rawCrc } from '../support/checksums.ts';
import { itNeedsMoreThanTheMagic, itRecognises, type Format } from '../support/formats.ts';
import { be, le } from '../support/windows.ts';

/** EROFS with blocks of 4096 bytes; the checksum at 1028 is not complemented at the end. */
const EROFS = signed(
  [
    [1024, [0xe2, 0xe1, 0xf5, 0xe0]],
    [1032, le(1, 4)],
    [1036, [12]],
    [1060, le(100, 4)],
  ],
  1028,
  [1024, 4096],
  (bytes) => le(~crc32c(bytes) >>> 0, 4),
);

/** romfs of 64 bytes, all of whose words sum up to zero. */
const ROMFS = signed(
  [
    [0, '-rom1fs-'],
    [8, be(64, 4)],
    [16, 'name'],
  ],
  12,
  [0, 64],
  (bytes) => {
    let sum = 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; at < 64; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
    return be(-sum >>> 0, 4);
  },
);

const FORMATS: readonly Format[] = [
  ['filesystem certain EROFS', EROFS, [3000, [1]], [1036, [8]], [1024, [0]]],
  ['filesystem certain romfs', ROMFS, [20, [1]], [8, be(31, 4)]],
  [
    'filesystem likely SquashFS',
    [
      [0, 'hsqs'],
      [12, le(131_072, 4)],
      [22, le(17, 2)],
      [28, le(4, 2)],
      [40, le(5000n, 8)],
    ],
    [22, le(16, 2)],
    [28, le(5, 2)],
  ],
  [
    'filesystem likely SquashFS',
    [
      [0, 'sqsh'],
      [28, be(3, 2)],
      [34, be(16, 2)],
    ],
    [28, be(5, 2)],
    [34, be(21, 2)],
  ],
  [
    'filesystem certain cramfs',
    [
      [0, [0x45, 0x3d, 0xcd, 0x28]],
      [16, 'Compressed ROMFS'],
    ],
    [31, 'x'],
  ],
  [
    'filesystem certain cramfs',
    [
      [0, [0x28, 0xcd, 0x3d, 0x45]],
      [16, 'Compressed ROMFS'],
    ],
    [3, [0]],
  ],
];

describe('filesystems that are made as an image', () => {
  itRecognises(FORMATS);
  itNeedsMoreThanTheMagic(FORMATS);
});

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
