import { describe, expect, it } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { be, bytesWith, le, type Patch, verdictOf, windowOf } from '../support/windows.ts';

const ONE = [1] as const;
const atari = (...entries: readonly (readonly [id: string, start: number, sectors: number])[]): readonly Patch[] => [
  [450, be(4096, 4)],
  [502, be(1, 4)],
  [506, be(1, 4)],
  ...entries.flatMap(([id, start, sectors], index): readonly Patch[] => [
    [454 + 12 * index, `\x01${id}`],
    [458 + 12 * index, be(start, 4)],
    [462 + 12 * index, be(sectors, 4)],
  ]),
];

/** Sets the 32-bit word at `field` so that all words of [start, start + length) sum up to zero. */
function summed(patches: readonly Patch[], start: number, length: number, field: number): Uint8Array {
  const bytes = bytesWith(patches);
  const view = new DataView(bytes.buffer);
  let sum = 0;
  for (let at = start; at < start + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  view.setUint32(field, (view.getUint32(field) - sum) >>> 0);
  return bytes;
}

const SGI = summed(
  [
    [0, [0x0b, 0xe5, 0xa9, 0x41]],
    [312, [...be(1000, 4), ...be(64, 4), ...be(10, 4)]],
  ],
  0,
  512,
  504,
);

const AMIGA = summed(
  [
    [1024, 'RDSK'],
    [1028, be(64, 4)],
  ],
  1024,
  256,
  1032,
);

/** Sun: rows of 16-bit words whose exclusive or is the last word. */
const SUN = ((): Uint8Array => {
  const bytes = bytesWith([
    [436, [...be(16, 2), ...be(63, 2)]],
    [448, be(100_000, 4)],
    [508, [0xda, 0xbe]],
  ]);
  const view = new DataView(bytes.buffer);
  let sum = 0;
  for (let at = 0; at < 510; at += 2) sum ^= view.getUint16(at);
  view.setUint16(510, sum);
  return bytes;
})();

const PC98: readonly Patch[] = [
  [4, 'IPL1'],
  [510, [0x55, 0xaa]],
  [512, [0xa0, 0xa1]],
  [522, [...le(1, 2), 0, 0, ...le(9, 2)]],
];

describe('labels without a tool at hand', () => {
  itRecognises([
    ['disk certain SGI disk label', SGI, [400, ONE], [0, [0]]],
    ['disk certain Sun disk label', SUN, [100, ONE], [436, [0, 0]]],
    ['disk certain Amiga rigid disk block', AMIGA, [1100, ONE], [1028, be(200, 4)]],
    ['disk likely PC-98 partition table', PC98, [522, le(10, 2)], [4, 'IPL2'], [513, [0]]],
    [
      'disk certain AIX disk label',
      [
        [0, [0xc9, 0xc2, 0xd4, 0xc1]],
        [3584, '_LVM'],
      ],
      [0, ONE],
      [8, ONE],
    ],
    ['disk likely AIX disk label', [[0, [0xc9, 0xc2, 0xd4, 0xc1]]], [3, [0xc2]]],
    [
      'disk likely Atari partition table',
      atari(['GEM', 2, 1000], ['XGM', 1002, 3094]),
      [450, be(1, 4)],
      [455, '\x01\x02\x03'],
      [458, be(0, 4)],
      [470, be(1001, 4)],
      [474, be(9999, 4)],
      [454, [3]],
      [502, be(5000, 4)],
    ],
    ['disk likely Atari partition table', atari(['LNX', 2, 4094]), [455, 'ABC']],
  ]);
  it('an Atari table needs room for the disk it names', () => {
    const bytes = bytesWith(atari(['GEM', 2, 1000]));
    expect(verdictOf(windowOf(bytes, { guestSize: 4096 * 512 }))).toBe('disk likely Atari partition table');
    expect(verdictOf(windowOf(bytes, { guestSize: 4095 * 512 }))).toBe('unknown');
  });
});

describe('labels of other systems, written after their specification', () => {
  it('Apple partition map', () => {
    const patches: readonly Patch[] = [
      [0, 'ER'],
      [2, be(512, 2)],
      [512, 'PM'],
      [516, be(2, 4)],
      [524, be(63, 4)],
    ];
    expect(verdictOf(windowOf(bytesWith(patches)))).toBe('disk likely Apple partition map');
    expect(verdictOf(windowOf(bytesWith(patches.slice(1))))).toBe('unknown');
    expect(verdictOf(windowOf(bytesWith(patches.toSpliced(3, 1))))).toBe('unknown');
  });
  it('BSD disklabel, with a checksum and without', () => {
    const magic = le(0x82564557, 4);
    const patches: readonly Patch[] = [
      [512, magic],
      [644, magic],
      [650, le(8, 2)],
    ];
    const words = new Uint16Array(bytesWith(patches, 2048).buffer);
    const sum = words.subarray(256, 256 + (148 + 128) / 2).reduce((left, right) => left ^ right, 0);
    expect(verdictOf(windowOf(bytesWith([...patches, [648, le(sum, 2)]])))).toBe('disk certain BSD disklabel');
    expect(verdictOf(windowOf(bytesWith([...patches, [648, le(sum ^ 1, 2)]])))).toBe('disk weak BSD disklabel');
    expect(verdictOf(windowOf(bytesWith(patches.toSpliced(1, 1))))).toBe('unknown');
  });
});

const ONE_DASD = [1] as const;
const BLANKS = (length: number): Uint8Array => new Uint8Array(length).fill(0x40);
const EBCDIC = { VOL1: [0xe5, 0xd6, 0xd3, 0xf1], LNX1: [0xd3, 0xd5, 0xe7, 0xf1], CMS1: [0xc3, 0xd4, 0xe2, 0xf1] };
const VOLUME = [0xf0, 0xe7, 0xf3, 0xf7, 0xf2, 0xf6];

const label = (kind: keyof typeof EBCDIC, at: number): readonly Patch[] => [
  [at, EBCDIC[kind]],
  [at + 4, VOLUME],
];
const cms = (at: number): readonly Patch[] => [
  ...label('CMS1', at),
  [at + 12, be(4096, 4)],
  [at + 20, be(90, 4)],
  [at + 24, be(99, 4)],
];
const cdl = (at: number): readonly Patch[] => [
  [at, EBCDIC.VOL1],
  [at + 4, EBCDIC.VOL1],
  [at + 8, VOLUME],
];
const ldl = (at: number): readonly Patch[] => [...label('LNX1', at), [at + 10, BLANKS(69)]];

const zvm = (kind: string): Patch => [0, `xCAT ${kind} Image:        3338 CYL HLen: 0055 GZIP: 6`.padEnd(512)];

describe('disks of mainframes', () => {
  itRecognises([
    ...[512, 1024, 2048, 4096, 8192].flatMap((at) => [
      ['disk certain DASD label', cdl(at), [at, ONE_DASD], [at + 8, ONE_DASD]] as const,
      ['disk certain DASD label', ldl(at), [at, ONE_DASD], [at + 5, [0x41]]] as const,
      ['disk likely DASD label', cms(at), [at, ONE_DASD], [at + 12, be(1000, 4)], [at + 20, be(100, 4)]] as const,
    ]),
    ['disk likely DASD label', label('VOL1', 512), [516, [0x40]], [521, [0xff]]],
    ['disk likely DASD label', label('LNX1', 8192), [8195, [0xf2]]],
    ['disk certain z/VM image', [zvm('CKD Disk')], [5, 'x'], [30, 'x'], [38, 'x']],
    ['disk certain z/VM image', [zvm('FCP Disk')], [5, 'G']],
    ['disk likely z/VM image', [zvm('FBA Part')], [9, 'D']],
  ]);
});
