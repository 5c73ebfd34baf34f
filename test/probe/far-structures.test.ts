import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.ts';
import { memorySource } from '../support/images/memory-source.ts';
import { be, bytesWith, le, type Patch, patched, verdictOf, windowOf } from './contents/support/windows.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZE = MIB + 5 * 512;

async function summary(patches: readonly Patch[], size = SIZE): Promise<string> {
  const { imageType, confidence, evidence } = await probe(memorySource(bytesWith(patches, size)));
  return imageType === null ? 'undetermined' : `${imageType} ${confidence} ${evidence[0]?.detail}`;
}

/**
 * Writes little-endian at `field` what makes the words of the bytes, itself included, sum up to `goal` (or to itself).
 */
function summed(
  bytes: Uint8Array,
  { field, length, width, goal }: { field: number; length: number; width: 2 | 4; goal: 'zero' | 'itself' },
): Uint8Array {
  let sum = 0n;
  for (let at = 0; at < length; at += width) {
    for (let byte = 0; byte < width; byte += 1) sum += BigInt(bytes[at + byte] ?? 0) << BigInt(8 * byte);
  }
  return patched(bytes, [[field, le(goal === 'zero' ? -sum : sum, width)]]);
}

const sector = (...patches: readonly Patch[]): Uint8Array => bytesWith(patches, 512);

function ddf(order: typeof le): Uint8Array {
  const bytes = sector([0, order(0xde11de11, 4)], [4, [255, 255, 255, 255]], [8, 'Linux-MD'], [32, '01.02.00']);
  return patched(bytes, [[4, order(crc32(bytes), 4)]]);
}

const HIGHPOINT_45X = sector([0, le(0x5a7816f3, 4)], [12, le(2_500_000, 4)], [16, [5, 2, 0, 7]]);
const INTEL = summed(sector([0, 'Intel Raid ISM Cfg Sig. 1.0.00'], [36, le(480, 4)], [40, [1, 2, 3]]), {
  field: 32,
  length: 480,
  width: 4,
  goal: 'itself',
});
const JMICRON = summed(sector([0, 'JM'], [2, [0, 1]], [6, [7, 8]]), {
  field: 4,
  length: 128,
  width: 2,
  goal: 'zero',
});
const NVIDIA = summed(sector([0, 'NVIDIA  '], [8, le(30, 4)], [16, [100]]), {
  field: 12,
  length: 120,
  width: 4,
  goal: 'zero',
});
const PROMISE = summed(
  bytesWith(
    [
      [0, 'Promise Technology, Inc.'],
      [40, [9, 8]],
    ],
    2048,
  ),
  {
    field: 2044,
    length: 2044,
    width: 4,
    goal: 'itself',
  },
);
const SILICON = summed(sector([40, [1]], [96, le(0x2f000000, 4)], [278, [1]]), {
  field: 318,
  length: 318,
  width: 2,
  goal: 'zero',
});
const ADAPTEC = sector([0, [0x37, 0xfc, 0x4d, 0x1e]], [256, 'DPTM']);

function via(disk: number): Uint8Array {
  const bytes = sector([0, [0x55, 0xaa, 1, 5, 0]], [14, le(0xf58ee032, 4)], [18 + 4, le(disk, 4)]);
  return patched(bytes, [[50, [bytes.slice(0, 50).reduce((sum, byte) => sum + byte, 0) & 0xff]]]);
}

const drbd = (magic: number): readonly Patch[] => [
  [60, be(magic, 4)],
  [64, be(80, 4)],
  [68, be(-64, 4)],
  [76, be(-72, 4)],
  [80, be(4096, 4)],
];

describe('the metadata of a RAID controller at the end', () => {
  // The last byte is one whose change the format itself notices.
  it.each([
    ['certain DDF', 1, ddf(be), 33],
    ['certain DDF', 1, ddf(le), 33],
    ['certain Intel Matrix', 2, INTEL, 40],
    ['certain NVIDIA', 2, NVIDIA, 16],
    ['certain Promise FastTrak', 63, PROMISE, 3],
    ['certain Promise FastTrak', 16, PROMISE, 3],
    ['likely Adaptec', 1, ADAPTEC, 256],
    ['likely HighPoint 45x', 11, HIGHPOINT_45X, 16],
    ['likely JMicron', 1, JMICRON, 6],
    ['likely LSI Mega', 1, sector([0, '$XIDE$']), 5],
    ['likely Silicon Image Medley', 1, SILICON, 40],
    ['likely VIA', 1, via(0xf58ee032), 14],
  ] as const)('%s, %i sectors before it', async (name, sectors, metadata, field) => {
    const at = SIZE - 512 * sectors;
    const line = `other ${name} RAID member`;
    expect(await summary([[at, metadata]])).toBe(line);
    expect(
      await summary([
        [0, 'data that says nothing'],
        [at, metadata],
      ]),
    ).toBe(line);
    expect(await summary([[at, metadata]], SIZE + 100), 'a remainder').toBe(line);
    expect(await summary([[at, patched(metadata, [[field, [0x77]]])]]), 'near miss').toBe('undetermined');
    expect(await summary([[at - 3 * 512, metadata]]), 'elsewhere').toBe('undetermined');
  });

  it('without a checksum that covers what was read is likely', async () => {
    expect(await summary([[SIZE - 1024, patched(INTEL, [[36, le(1024, 4)]])]])).toMatch(/^other likely Intel/u);
    expect(await summary([[SIZE - 512, patched(ddf(be), [[9, [0x77]]])]])).toMatch(/^other likely DDF/u);
    expect(await summary([[SIZE - 63 * 512, patched(PROMISE, [[40, [0x77]]])]])).toMatch(/^other likely Promise/u);
  });

  it('of VIA needs the disk to be one of the set', async () => {
    expect(await summary([[SIZE - 512, via(0xf58ee033)]])).toBe('undetermined');
  });

  it('of HighPoint 37x is in sector 9, and yields to a partition table', () => {
    const member: readonly Patch[] = [
      [4640, le(0x5a7816f0, 4)],
      [4656, [2, 7, 0, 0]],
      [4660, le(2_500_000, 4)],
    ];
    expect(verdictOf(windowOf(bytesWith(member)))).toBe('other likely HighPoint 37x RAID member');
    expect(verdictOf(windowOf(bytesWith([...member, [4659, [8]]])))).toBe('unknown');
    expect(verdictOf(windowOf(bytesWith([...member, [4608, [1]]])))).toBe('unknown');
    const table: readonly Patch[] = [
      [446, [0, 0, 2, 0, 0x83, 0, 0, 0]],
      [454, le(2048, 4)],
      [458, le(4096, 4)],
      [510, [0x55, 0xaa]],
    ];
    expect(verdictOf(windowOf(bytesWith([...member, ...table])))).toMatch(/^disk /u);
  });
});

describe('DRBD, whose metadata end with the file', () => {
  it.each([0x8374026b, 0x8374026c, 0x8374026d])('magic %i', async (magic) => {
    const at = (size: number): readonly Patch[] =>
      drbd(magic).map(([offset, bytes]) => [size - 4096 + offset, bytes] as const);
    expect(await summary(at(SIZE))).toBe('other likely DRBD device');
    expect(await summary(at(SIZE + 1), SIZE + 1)).toBe('other likely DRBD device');
    expect(await summary([...at(SIZE), [SIZE - 4096 + 68, be(64, 4)]])).toBe('undetermined');
    expect(await summary([...at(SIZE), [SIZE - 4096 + 80, be(4097, 4)]])).toBe('undetermined');
    expect(await summary([...at(SIZE), [SIZE - 4096 + 63, [0x6e]]])).toBe('undetermined');
  });
});

describe('VMFS', () => {
  const END = 2 * MIB + 1024;
  const volume: readonly Patch[] = [
    [MIB, le(0xc001d00d, 4)],
    [MIB + 532, '49edf842-dcb35d37-b383-0021280083cf'],
  ];
  const superblock: readonly Patch[] = [
    [2 * MIB, le(0x2fabf15e, 4)],
    [2 * MIB + 157, le(512, 4)],
    [2 * MIB + 161, le(MIB, 8)],
  ];
  it('is a member by its header, a file system by its superblock', async () => {
    expect(await summary(volume, END)).toBe('other likely VMFS volume member');
    expect(await summary(superblock, END)).toBe('filesystem likely VMFS');
    expect(await summary([...volume, [MIB + 540, ['x'.charCodeAt(0)]]], END)).toBe('undetermined');
    expect(await summary([...superblock, [2 * MIB + 157, le(513, 4)]], END)).toBe('undetermined');
  });
  it('is looked for only behind a beginning of zeros', async () => {
    expect(await summary([[0, 'data that says nothing'], ...volume], END)).toBe('undetermined');
  });
});

describe('disk labels of other machines', () => {
  const amiga = (words: number): Uint8Array => {
    const bytes = bytesWith(
      [
        [0, 'RDSK'],
        [4, be(words, 4)],
        [16, be(512, 4)],
      ],
      512,
    );
    const view = new DataView(bytes.buffer);
    let sum = 0n;
    for (let at = 0; at < 4 * words; at += 4) sum += BigInt(view.getUint32(at));
    return patched(bytes, [[8, be(-sum, 4)]]);
  };
  it('Amiga', () => {
    for (const block of [0, 2, 15]) {
      const label: Patch = [block * 512, amiga(64)];
      expect(verdictOf(windowOf(bytesWith([label])))).toBe('disk certain Amiga rigid disk block');
      expect(verdictOf(windowOf(bytesWith([label, [block * 512 + 19, [1]]])))).toBe('unknown');
    }
    expect(verdictOf(windowOf(bytesWith([[16 * 512, amiga(64)]])))).toBe('unknown');
    expect(
      verdictOf(
        windowOf(
          bytesWith([
            [0, 'RDSK'],
            [4, be(0xffff_ffff, 4)],
          ]),
        ),
      ),
    ).toBe('unknown');
  });
  it('PC-98', () => {
    const table: readonly Patch[] = [
      [4, 'IPL1'],
      [510, [0x55, 0xaa]],
      [512, [0xa0, 0xe2]],
      [522, le(128, 2)],
      [526, le(511, 2)],
    ];
    expect(verdictOf(windowOf(bytesWith(table)))).toBe('disk likely PC-98 partition table');
    expect(verdictOf(windowOf(bytesWith([...table, [526, le(127, 2)]])))).toBe('unknown');
    expect(verdictOf(windowOf(bytesWith([...table, [512, [0, 0]]])))).toBe('unknown');
    expect(verdictOf(windowOf(bytesWith([...table, [7, '2']])))).toBe('unknown');
  });
});
