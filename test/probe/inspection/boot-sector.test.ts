import { describe, expect, it } from 'vitest';

import { bootSectorFacts } from '../../../src/probe/inspection/boot-sector.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';

type Entry = readonly [flag: number, type: number, chs?: readonly [number, number, number], lba?: number];

function sectorWith(entries: readonly (Entry | null)[], changed: Readonly<Record<number, number>> = {}): Uint8Array {
  const sector = Buffer.alloc(512);
  sector.set([0x55, 0xaa], 510);
  for (const [index, entry] of entries.entries()) {
    if (entry === null) continue;
    const [flag, type, chs = [0, 2, 0], lba = 1] = entry;
    const at = 446 + index * 16;
    sector.set([flag, ...chs, type], at);
    sector.writeUInt32LE(lba, at + 8);
  }
  for (const [at, byte] of Object.entries(changed)) sector[Number(at)] = byte;
  return sector;
}

const mbrOf = (...entries: readonly (Entry | null)[]) => bootSectorFacts(fieldsOf(sectorWith(entries))).mbr;

const EE: Entry = [0, 0xee];
const LINUX: Entry = [0x80, 0x83, [1, 1, 0], 2048];

describe('the entries of a partition table', () => {
  it.each([
    ['one bootable', 'sound', [LINUX]],
    ['two, one not bootable', 'sound', [LINUX, [0, 0x82, [0, 0, 0], 9]]],
    ['one in the last place', 'sound', [null, null, null, LINUX]],
    ['protective alone', 'sound', [EE]],
    ['protective with flag 80', 'sound', [[0x80, 0xee]]],
    ['flag 1', 'boot-flag', [[1, 0x83]]],
    ['flag 7f in an unused entry', 'boot-flag', [LINUX, [0x7f, 0]]],
    ['flag 81 in the last entry', 'boot-flag', [EE, null, null, [0x81, 0]]],
    ['protective, CHS of libparted', 'gpt-start-chs', [[0, 0xee, [0, 1, 0]]]],
    ['protective, CHS of macOS', 'gpt-start-chs', [[0, 0xee, [0xfe, 0xff, 0xff]]]],
    ['protective, last byte of CHS', 'gpt-start-chs', [[0, 0xee, [0, 2, 1]]]],
    ['protective, LBA 0', 'gpt-start-lba', [[0, 0xee, [0, 2, 0], 0]]],
    ['protective, LBA 2^24 + 1', 'gpt-start-lba', [[0, 0xee, [0, 2, 0], 0x0100_0001]]],
    ['protective in the second place', 'gpt-not-alone', [null, EE]],
    ['protective with another', 'gpt-not-alone', [EE, LINUX]],
    ['two protective', 'gpt-not-alone', [EE, EE]],
    ['none', 'no-partitions', []],
    ['type 0 with a start', 'no-partitions', [[0x80, 0, [0, 2, 0], 63]]],
    // The order of the checks: each entry for itself, then all together.
    ['CHS before LBA', 'gpt-start-chs', [[0, 0xee, [0, 1, 0], 0]]],
    ['flag before CHS', 'boot-flag', [[2, 0xee, [0, 1, 0]]]],
    [
      'first entry before the flag of the second',
      'gpt-start-lba',
      [
        [0, 0xee, [0, 2, 0], 5],
        [3, 0],
      ],
    ],
    ['flag of the last before not alone', 'boot-flag', [null, EE, null, [3, 0]]],
  ] as const)('%s: %s', (_what, fault, entries) => {
    expect(mbrOf(...entries)).toBe(fault);
  });

  it('are looked at only with 55 AA at byte 510', () => {
    const facts = bootSectorFacts(fieldsOf(sectorWith([LINUX], { 511: 0xab })));
    expect(facts).toEqual({ 'boot-signature': false, 'fat-boot-sector': false });
  });
});

describe('a boot sector of FAT', () => {
  it.each([
    [2, 0xf8, true],
    [1, 0xf8, false],
    [2, 0xf0, false],
  ])('with %i tables and media %i: %s', (tables, media, isFat) => {
    expect(bootSectorFacts(fieldsOf(sectorWith([], { 16: tables, 21: media })))).toEqual({
      'boot-signature': true,
      'fat-boot-sector': isFat,
      mbr: 'no-partitions',
    });
  });
});
