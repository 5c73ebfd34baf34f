import { describe } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { be, type Patch } from '../support/windows.ts';

const ONE = [1] as const;
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
      ['disk certain DASD label', cdl(at), [at, ONE], [at + 8, ONE]] as const,
      ['disk certain DASD label', ldl(at), [at, ONE], [at + 5, [0x41]]] as const,
      ['disk likely DASD label', cms(at), [at, ONE], [at + 12, be(1000, 4)], [at + 20, be(100, 4)]] as const,
    ]),
    ['disk likely DASD label', label('VOL1', 512), [516, [0x40]], [521, [0xff]]],
    ['disk likely DASD label', label('LNX1', 8192), [8195, [0xf2]]],
    ['disk certain z/VM image', [zvm('CKD Disk')], [5, 'x'], [30, 'x'], [38, 'x']],
    ['disk certain z/VM image', [zvm('FCP Disk')], [5, 'G']],
    ['disk likely z/VM image', [zvm('FBA Part')], [9, 'D']],
  ]);
});
