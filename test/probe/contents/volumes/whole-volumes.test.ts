import { describe, expect, it } from 'vitest';
import { crc32c, signed } from '../support/checksums.ts';
import { itRecognises } from '../support/formats.ts';
import { be, bytesWith, le, type Patch, verdictOf, windowOf } from '../support/windows.ts';

const ONE = [1] as const;
const STRATIS = signed(
  [
    [516, '!Stra0tis\x86\xff\x02^\x41rh'],
    [532, le(9999n, 8)],
  ],
  512,
  [516, 1024],
  (bytes) => le(crc32c(bytes), 4),
);
const CORE_STORAGE = signed(
  [
    [4, le(0xffff_ffff, 4)],
    [8, le(1, 2)],
    [88, 'CS'],
  ],
  0,
  [8, 512],
  (bytes) => le(~crc32c(bytes) >>> 0, 4),
);

/** A label as pvcreate of LVM2 2.03.16 writes it; pvcreate itself needs a block device. */
const LVM_LABEL: readonly Patch[] = [
  [512, 'LABELONE'],
  [520, [1]],
  [528, [0xa0, 0x39, 0x28, 0xa1, 0x20]],
  [536, 'LVM2 0016LMglZ2K7xlJvmvdqkNSleRhAyQTi2rk'],
  [579, [0x04]],
  [586, [0x10]],
  [617, [0x10]],
  [625, [0xf0, 0x0f]],
  [648, [0x02]],
];

describe('LVM2', () => {
  it('a physical volume', () => {
    expect(verdictOf(windowOf(bytesWith(LVM_LABEL)))).toBe('other certain LVM2 physical volume');
  });
  it.each([
    ['a wrong checksum', [600, [1]] as Patch],
    ['the number of another sector', [520, [2]] as Patch],
    ['another type', [543, '2'] as Patch],
  ])('with %s is none', (_, patch) => {
    expect(verdictOf(windowOf(bytesWith([...LVM_LABEL, patch])))).toBe('unknown');
  });
});

describe('LUKS', () => {
  it.each([1, 2])('version %d is encrypted', (version) => {
    expect(verdictOf(windowOf(bytesWith([[0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, version]]])))).toBe(
      `encrypted LUKS${version}`,
    );
  });
  it('of a version to come is unknown', () => {
    expect(verdictOf(windowOf(bytesWith([[0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 3]]])))).toBe('unknown');
  });
});

describe('targets of the device mapper', () => {
  it.each([
    ['likely VDO volume', 'dmvdo001', []],
    ['certain dm-integrity volume', 'integrt\0', [5]],
  ])('%s, written by hand', (name, magic, version) => {
    expect(
      verdictOf(
        windowOf(
          bytesWith([
            [0, magic],
            [8, version],
          ]),
        ),
      ),
    ).toBe(`other ${name}`);
  });
  it.each(['verity\0\0', 'integrt\0'])('%j without a version is none', (magic) => {
    expect(verdictOf(windowOf(bytesWith([[0, magic]])))).toBe('unknown');
  });
});

describe('parts of pools, control volumes and journals', () => {
  itRecognises([
    ['other certain Stratis pool member', STRATIS, [512, ONE], [700, ONE]],
    ['other certain Core Storage volume', CORE_STORAGE, [0, ONE], [8, [2]], [300, ONE]],
    [
      'other likely Ceph BlueStore device',
      [[0, 'bluestore block device\n01234567-89ab-cdef-0123-456789abcdef\n']],
      [30, 'x'],
      [59, ' '],
    ],
    ['other certain DRBDmanage control volume', [[0, `$DRBDmgr=q+${'8'.repeat(32)}\n`]], [20, 'x'], [43, ' ']],
    ['other likely Oracle ASM disk', [[32, 'ORCLDISKVOL1']], [0, ONE]],
    [
      'other likely Oracle ASM disk',
      [
        [0, [1, 0x82, 1, 1]],
        [32, 'ORCLDISKVOL1'],
      ],
      [1, [0x81]],
    ],
    [
      'other likely XFS journal device',
      [
        [0, be(0xfeedbabe, 4)],
        [8, be(2, 4)],
        [12, be(512, 4)],
        [300, be(1, 4)],
      ],
      [11, [3]],
      [300, ONE],
    ],
    [
      'other likely snapshot exception store',
      [
        [0, 'SnAp'],
        [4, ONE],
        [8, ONE],
        [12, le(8, 4)],
      ],
      [8, [2]],
      [12, [7]],
    ],
  ]);
});

describe('swap space', () => {
  it.each([4096, 8192, 16_384, 32_768, 65_536])('with pages of %d bytes', (page) => {
    const window = windowOf(
      bytesWith([
        [1024, le(1, 4)],
        [1028, le(5, 4)],
        [page - 10, 'SWAPSPACE2'],
      ]),
    );
    expect(verdictOf(window)).toBe('other certain Linux swap');
  });
  it.each([
    [
      'of the other byte order',
      [
        [1024, be(1, 4)],
        [1028, be(5, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'other certain Linux swap',
    ],
    ['of version 0', [[4086, 'SWAP-SPACE']], 'other likely Linux swap'],
    ['with a suspended system', [[4086, 'S1SUSPEND']], 'other likely Linux swap'],
    [
      'without a last page',
      [
        [1024, le(1, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'unknown',
    ],
    [
      'of another version',
      [
        [1024, le(2, 4)],
        [1028, le(5, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'unknown',
    ],
  ] as const)('%s', (_, patches, line) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe(line));
});
