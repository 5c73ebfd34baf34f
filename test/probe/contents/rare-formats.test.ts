import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/probe/probe.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { run, sparse, workplace } from './support/real-tools.ts';
import { be, bytesWith, fileWindow, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const KIB = 1024;
const directory = workplace();
const ONE = [1] as const;
const BLANKS = (length: number): Uint8Array => new Uint8Array(length).fill(0x40);

/** CRC-32 as flash file systems use it: a seed of their own, not complemented at the end. */
const raw = (bytes: Uint8Array, seed: number): number => ~crc32(bytes, ~seed >>> 0) >>> 0;

/** CRC-32C bit by bit, apart from the table of the product. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Writes at `field` what `sum` makes of [start, end). */
function signed(
  patches: readonly Patch[],
  field: number,
  [start, end]: readonly [number, number],
  sum: (bytes: Uint8Array) => readonly number[],
): Uint8Array {
  const bytes = bytesWith(patches);
  return patched(bytes, [[field, sum(bytes.slice(start, end))]]);
}

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

const zvm = (kind: string): Patch => [0, `xCAT ${kind} Image:        3338 CYL HLen: 0055 GZIP: 6`.padEnd(512)];

const JFFS2 = (order: typeof le, type: number): Uint8Array =>
  signed(
    [
      [0, order(0x1985, 2)],
      [2, order(type, 2)],
      [4, order(12, 4)],
    ],
    8,
    [0, 8],
    (bytes) => order(raw(bytes, 0), 4),
  );

const BEFS = (order: typeof le): readonly Patch[] => [
  [32, order(0x42465331, 4)],
  [36, order(0x42494745, 4)],
  [40, order(2048, 4)],
  [44, order(11, 4)],
  [48, order(1536n, 8)],
  [68, order(0xdd121031, 4)],
  [112, order(0x15b6830e, 4)],
];

const minix = (version: 1 | 3): readonly Patch[] =>
  version === 1
    ? [
        [1024, be(64, 2)],
        [1026, be(100, 2)],
        [1028, be(1, 2)],
        [1030, be(1, 2)],
        [1032, be(6, 2)],
        [1040, be(0x138f, 2)],
        [1042, be(1, 2)],
      ]
    : [
        [1024, be(64, 4)],
        [1030, be(1, 2)],
        [1032, be(1, 2)],
        [1034, be(5, 2)],
        [1048, be(0x4d5a, 2)],
        [1052, be(4096, 2)],
      ];

const BCACHE = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];
const OLD_BCACHEFS = signed(
  [
    [4120, BCACHE],
    [4200, le(8n, 8)],
    [4218, [0, 1]],
    [4220, le(4, 4)],
    [4240, [4]],
    [4336, BCACHE],
  ],
  4096,
  [4112, 4096 + 752 + 32],
  (bytes) => le(crc32c(bytes), 4),
);

const UBI = signed(
  [
    [0, 'UBI#\x01'],
    [16, be(2048, 4)],
    [20, be(4096, 4)],
  ],
  60,
  [0, 60],
  (bytes) => be(raw(bytes, 0xffff_ffff), 4),
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
  (bytes) => le(raw(bytes, 0xffff_ffff), 4),
);
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
const ZONEFS = signed(
  [
    [0, 'SFOZ'],
    [8, 'label'],
  ],
  4,
  [0, 4096],
  (bytes) => le(raw(bytes, 0xffff_ffff), 4),
);
const MPOOL = signed(
  [
    [0, 'mpoolDev'],
    [8, 'name'],
  ],
  62,
  [0, 62],
  (bytes) => le(crc32c(bytes), 4),
);

/** What is recognised, and a change each after which it is not. */
const FORMATS: readonly (readonly [line: string, bytes: Uint8Array | readonly Patch[], ...near: readonly Patch[]])[] = [
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
  ...[512, 1024, 2048, 4096, 8192].flatMap((at) => [
    ['disk certain DASD label', cdl(at), [at, ONE], [at + 8, ONE]] as const,
    ['disk certain DASD label', ldl(at), [at, ONE], [at + 5, [0x41]]] as const,
    ['disk likely DASD label', cms(at), [at, ONE], [at + 12, be(1000, 4)], [at + 20, be(100, 4)]] as const,
  ]),
  ['disk likely DASD label', label('VOL1', 512), [516, [0x40]], [521, [0xff]]],
  ['disk likely DASD label', label('LNX1', 8192), [8195, [0xf2]]],
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
  ['disk certain z/VM image', [zvm('CKD Disk')], [5, 'x'], [30, 'x'], [38, 'x']],
  ['disk certain z/VM image', [zvm('FCP Disk')], [5, 'G']],
  ['disk likely z/VM image', [zvm('FBA Part')], [9, 'D']],
  ['filesystem certain JFFS2', JFFS2(le, 0x2003), [8, ONE], [4, ONE]],
  ['filesystem certain JFFS2', JFFS2(be, 0xe001), [8, ONE], [1, [0x84]]],
  ['other certain UBI device', UBI, [60, ONE], [4, [2]], [30, ONE]],
  ['filesystem certain UBIFS', UBIFS, [4, ONE], [20, [7]], [4095, ONE]],
  [
    'filesystem likely VxFS',
    [
      [1024, le(0xa501fcf5, 4)],
      [1028, le(3, 4)],
      [1056, le(1024, 4)],
    ],
    [1028, le(0, 4)],
    [1056, le(1000, 4)],
  ],
  [
    'filesystem likely VxFS',
    [
      [8192, be(0xa501fcf5, 4)],
      [8196, be(7, 4)],
      [8224, be(8192, 4)],
    ],
    [8196, be(99, 4)],
    [8224, be(4, 4)],
  ],
  ['filesystem certain BeFS', BEFS(le), [36, ONE], [44, ONE], [68, ONE], [112, ONE]],
  ['filesystem certain BeFS', BEFS(be), [39, ONE], [43, ONE], [71, ONE], [115, ONE]],
  ['filesystem likely NSS', [[4096, 'SPB5\x03\0\x01\0']], [4100, [0]], [4103, ONE]],
  ...[0, 9, 15, 18].flatMap((block) => {
    const at = block * KIB + 512;
    return [
      [
        'filesystem likely System V',
        [
          [at, le(5, 2)],
          [at + 4, le(900, 4)],
          [at + 504, le(0xfd187e20, 4)],
          [at + 508, ONE],
        ],
        [at + 8, [51]],
        [at + 508, [4]],
      ] as const,
      [
        'filesystem likely System V',
        [
          [at, be(5, 2)],
          [at + 4, be(900, 4)],
          [at + 504, be(0xfd187e20, 4)],
          [at + 511, ONE],
        ],
        [at + 213, [101]],
      ] as const,
    ];
  }),
  [
    'filesystem likely Xenix',
    [
      [1024, le(5, 2)],
      [1026, le(900, 4)],
      [2040, le(0x2b5544, 4)],
      [2044, ONE],
    ],
    [2044, [3]],
    [1030, [101]],
  ],
  [
    'filesystem likely Xenix',
    [
      [1024, be(5, 2)],
      [1026, be(900, 4)],
      [2040, be(0x2b5544, 4)],
      [2047, ONE],
    ],
    [1432, ONE],
  ],
  ['filesystem weak MINIX', minix(1), [1032, be(7, 2)], [1028, be(2, 2)]],
  ['filesystem weak MINIX', minix(3), [1052, be(3000, 2)], [1034, be(6, 2)]],
  ['filesystem certain bcachefs', OLD_BCACHEFS, [4200, [9]], [4219, [0]], [4336, ONE]],
  ['other certain Stratis pool member', STRATIS, [512, ONE], [700, ONE]],
  ['other certain Core Storage volume', CORE_STORAGE, [0, ONE], [8, [2]], [300, ONE]],
  ['filesystem certain zonefs', ZONEFS, [4, ONE], [4000, ONE]],
  ['filesystem certain mpool', MPOOL, [62, ONE], [20, ONE]],
  [
    'filesystem likely OCFS',
    [
      [4, le(1, 4)],
      [8, 'OracleCFS\0'],
    ],
    [4, 'text'],
  ],
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
];

const bytesOf = (made: Uint8Array | readonly Patch[]): Uint8Array =>
  made instanceof Uint8Array ? made : bytesWith(made);

const CASES = FORMATS.map(([line, made, ...near]) => ({ line, made, near }));

describe('formats written byte by byte after their sources', () => {
  it.each(CASES)('$line', ({ line, made, near }) => {
    const bytes = bytesOf(made);
    expect(verdictOf(windowOf(bytes, { guestSize: 64 * KIB * KIB }))).toBe(line);
    for (const patch of near) expect(verdictOf(windowOf(patched(bytes, [patch]))), `${patch[0]}`).not.toBe(line);
  });
  it.each(CASES)('$line, cut anywhere, throws nothing', ({ made }) => {
    const bytes = bytesOf(made);
    for (const end of [1, 4, 12, 63, 512, 520, 1100, 4100, 8200, 8230]) verdictOf(windowOf(bytes.slice(0, end)));
  });
  it('an Atari table needs room for the disk it names', () => {
    const bytes = bytesWith(atari(['GEM', 2, 1000]));
    expect(verdictOf(windowOf(bytes, { guestSize: 4096 * 512 }))).toBe('disk likely Atari partition table');
    expect(verdictOf(windowOf(bytes, { guestSize: 4095 * 512 }))).toBe('unknown');
  });
});

describe('formats of tools', () => {
  it('BFS of mkfs.bfs', () => {
    const path = sparse(join(directory, 'bfs'), 1024 * KIB);
    run('mkfs.bfs', [path]);
    expect(run('blkid', ['-p', '-s', 'TYPE', '-o', 'value', path]).trim()).toBe('bfs');
    const { bytes } = fileWindow(path).bytes;
    expect(verdictOf(fileWindow(path))).toBe('filesystem likely BFS');
    expect(verdictOf(windowOf(patched(bytes, [[512, [3]]])))).toBe('unknown');
    expect(verdictOf(windowOf(patched(bytes, [[4, le(513, 4)]])))).toBe('unknown');
  });
  it.each([
    [360, '', 'FAT12'],
    [20_000, '', 'FAT16'],
    [20_000, '-f 1', 'FAT16'],
    [200_000, '', 'FAT16'],
    [100_000, '-F 32', 'FAT32'],
    [600_000, '', 'FAT32'],
  ])('FAT for the Atari in %d KiB %s', (kib, options, variant) => {
    const path = sparse(join(directory, 'fat'), kib * KIB);
    run('mkfs.fat', ['-A', ...options.split(' ').filter(Boolean), path]);
    const { bytes } = fileWindow(path).bytes;
    expect(verdictOf(fileWindow(path))).toBe(`filesystem likely ${variant}`);
    const information =
      variant === 'FAT32' ? bytesAt(bytes, 11) * bytesAt(bytes, 48) : bytesAt(bytes, 11) * bytesAt(bytes, 14);
    expect(verdictOf(windowOf(patched(bytes, [[information, [0, 0, 0]]]))), 'near miss').toBe(
      kib === 100_000 ? 'filesystem likely FAT32' : 'unknown',
    );
  });
});

const bytesAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);

/** Metadata 0.90, signed as drivers/md/md.c signs them. */
function md090(order: typeof le): Uint8Array {
  const bytes = bytesWith(
    [
      [0, order(0xa92b4efc, 4)],
      [8, order(90, 4)],
      [28, order(1, 4)],
      [4000, order(0xffff_fff0, 4)],
    ],
    4096,
  );
  const view = new DataView(bytes.buffer);
  let sum = 0n;
  for (let at = 0; at < 4096; at += 4) sum += BigInt(view.getUint32(at, order === le));
  return patched(bytes, [[152, order((sum & 0xffff_ffffn) + (sum >> 32n), 4)]]);
}

function md10(sector: number): Uint8Array {
  const bytes = bytesWith(
    [
      [0, le(0xa92b4efc, 4)],
      [4, le(1, 4)],
      [144, le(BigInt(sector), 8)],
      [220, le(2, 4)],
    ],
    4096,
  );
  let sum = 0n;
  for (let at = 0; at < 260; at += 4) sum += BigInt(new DataView(bytes.buffer).getUint32(at, true));
  return patched(bytes, [[216, le((sum & 0xffff_ffffn) + (sum >> 32n), 4)]]);
}

describe('MD RAID with its metadata at the end', () => {
  const SIZE = 1024 * KIB + 5 * 512;
  const OLD = 1024 * KIB - 64 * KIB;
  const V10 = 1024 * KIB - 8 * KIB;
  const probed = async (patches: readonly Patch[]): Promise<string> => {
    const { imageType, confidence, evidence } = await probe(memorySource(bytesWith(patches, SIZE)));
    return `${imageType} ${confidence} ${evidence[0]?.detail}`;
  };
  it.each([
    ['0.90', [OLD, md090(le)]],
    ['0.90', [OLD, md090(be)]],
    ['1.0', [V10, md10(V10 / 512)]],
  ] as const)('%s', async (version, patch) => {
    const line = `other certain MD RAID member: metadata ${version}`;
    expect(await probed([patch])).toBe(line);
    expect(await probed([[0, 'data that says nothing'], patch])).toBe(line);
    expect(await probed([patch, [patch[0] + 32, [7]]])).toContain('undetermined');
    expect(await probed([[patch[0] - 512, patch[1]]])).toContain('undetermined');
  });
  it('does not hide the volume that the member begins with', async () => {
    expect(await probed([...BEFS(le), [OLD, md090(le)]])).toMatch(/^filesystem /u);
  });
});
