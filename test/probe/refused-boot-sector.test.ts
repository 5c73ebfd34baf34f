import { describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.ts';
import { memorySource } from '../support/images/memory-source.ts';

/**
 * What the inspector of Nova makes of a first sector; the expectations were compared with GPTInspector of oslo.utils
 * 41f5fb6.
 */

const SECTOR = 512;
type Change = (sector: Buffer) => void;

/** An entry: boot mark, first CHS, type, first sector; of 64 sectors. */
function entry(slot: number, boot: number, chs: readonly number[], type: number, start: number): Change {
  return (sector) => {
    const at = 446 + 16 * slot;
    sector.set([boot, ...chs, type, 0xff, 0xff, 0xff], at);
    sector.writeUInt32LE(start, at + 8);
    sector.writeUInt32LE(64, at + 12);
  };
}

const at = (offset: number, ...bytes: readonly number[]): Change => {
  return (sector) => sector.set(bytes, offset);
};

async function codesOf(changes: readonly Change[]): Promise<readonly string[]> {
  const bytes = Buffer.alloc(256 * SECTOR);
  for (const change of [at(510, 0x55, 0xaa), ...changes]) change(bytes);
  return (await probe(memorySource(bytes))).safety.filter((code) => code === 'BOOT_SECTOR_REFUSED');
}

const ACTIVE = entry(0, 0x80, [0, 2, 0], 0x83, 1);
const PROTECTIVE = entry(0, 0, [0, 2, 0], 0xee, 1);

describe('a first sector that Nova', () => {
  it.each<[string, readonly Change[]]>([
    ['an entry, active', [ACTIVE]],
    ['an entry in the last slot', [entry(3, 0, [1, 1, 0], 7, 63)]],
    ['a protective entry, without GPT', [PROTECTIVE]],
    ['a protective entry, active', [entry(0, 0x80, [0, 2, 0], 0xee, 1)]],
    ['two tables of FAT and medium F8', [at(16, 2), at(21, 0xf8)]],
    ['no signature', [at(510, 0, 0)]],
  ])('takes: %s', async (_, changes) => expect(await codesOf(changes)).toEqual([]));

  it.each<[string, readonly Change[]]>([
    ['no entry', []],
    ['FAT with one table', [at(16, 1), at(21, 0xf8)]],
    ['FAT of a floppy', [at(16, 2), at(21, 0xf0)]],
    ['another boot mark', [entry(0, 0x01, [0, 2, 0], 0x83, 1)]],
    ['another boot mark in an unused entry', [ACTIVE, entry(2, 0x20, [0, 0, 0], 0, 0)]],
    ['a protective entry of parted', [entry(0, 0, [0, 1, 0], 0xee, 1)]],
    ['a protective entry of macOS', [entry(0, 0, [0xfe, 0xff, 0xff], 0xee, 1)]],
    ['a protective entry from sector 2', [entry(0, 0, [0, 2, 0], 0xee, 2)]],
    ['a protective entry in the second slot', [entry(1, 0, [0, 2, 0], 0xee, 1)]],
    ['a hybrid', [PROTECTIVE, entry(1, 0, [1, 1, 0], 0x83, 63)]],
  ])('refuses: %s', async (_, changes) => expect(await codesOf(changes)).toEqual(['BOOT_SECTOR_REFUSED']));
});
