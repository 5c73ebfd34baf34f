import { describe, expect, it } from 'vitest';

import { vhdxTables } from '../../../src/probe/inspection/vhdx-tables.ts';
import { readUpTo, Unreadable, type Reading } from '../../../src/probe/reading/reading.ts';
import {
  GUID,
  items,
  metadata,
  METADATA_REGION,
  regionTable,
  TABLE_REGION,
  vhdxImage,
} from '../containers/vhdx-image.ts';
import { readOver } from '../reading-over.ts';

const MIB = 1024 * 1024;
const SIZE_ITEM = 2 * MIB + 65_536 + 64;

const tablesOf = (bytes: Uint8Array, size: number | null = bytes.length) =>
  readOver(bytes, vhdxTables(size, readUpTo)).value;

const withRegions = (table: Buffer) => tablesOf(vhdxImage({ regions: [table, regionTable()] }));
const withMetadata = (region: Buffer) => tablesOf(vhdxImage({ metadata: region }));

function changed(bytes: Buffer, change: (bytes: Buffer) => unknown): Buffer {
  change(bytes);
  return bytes;
}

describe('the way to the size of the disk', () => {
  it('is sound without checksums and second copies', () => {
    expect(tablesOf(vhdxImage())).toBe('sound');
    const bytes = vhdxImage();
    bytes.fill(0, 65_536, 196_608).fill(0, 262_144, 327_680).writeUInt32LE(0, 196_612);
    expect(tablesOf(bytes)).toBe('sound');
  });

  it.each([
    ['without its signature', regionTable().fill(0, 0, 4), 'no-region-table'],
    ['of 2,048 entries', changed(regionTable(), (table) => table.writeUInt32LE(2048, 8)), 'no-region-table'],
    ['of 2,047 entries', changed(regionTable(), (table) => table.writeUInt32LE(2047, 8)), 'sound'],
    ['of no entries', regionTable([]), 'no-metadata-entry'],
    [
      'whose count leaves the metadata out',
      changed(regionTable(), (table) => table.writeUInt32LE(1, 8)),
      'no-metadata-entry',
    ],
    ['without an entry for metadata', regionTable([TABLE_REGION]), 'no-metadata-entry'],
    ['with metadata past any file', regionTable([{ ...METADATA_REGION, offset: 2n ** 63n }]), 'cut'],
    ['with metadata past the end', regionTable([{ ...METADATA_REGION, offset: 1n << 40n }]), 'cut'],
    ['with metadata before its own end', regionTable([{ ...METADATA_REGION, offset: 262_143n }]), null],
    [
      'with metadata at its end, where there is none',
      regionTable([{ ...METADATA_REGION, offset: 327_680n }]),
      'no-metadata-signature',
    ],
  ])('with a region table %s: %s', (_what, table, word) => {
    expect(withRegions(table)).toBe(word);
  });

  it.each([
    ['without its signature', metadata(items()).fill(0, 0, 1), 'no-metadata-signature'],
    ['of no items', metadata([]), 'no-size-item'],
    ['without the size', metadata(items().filter(({ guid }) => guid !== GUID.diskSize)), 'no-size-item'],
    ['of 2,047 items', changed(metadata(items()), (region) => region.writeUInt16LE(2047, 10)), 'sound'],
    [
      'of 2,048 items, which never fit',
      changed(metadata(items()), (region) => region.writeUInt16LE(2048, 10)),
      'no-size-item',
    ],
    ['with a size in the table itself', metadata([{ ...itemOf(GUID.diskSize), offset: 65_535 }]), null],
    ['with a size behind the end', metadata([{ ...itemOf(GUID.diskSize), offset: 3 * MIB }]), 'cut'],
    [
      'with a size of no length at the end',
      metadata([{ ...itemOf(GUID.diskSize), offset: 2 * MIB, length: 0 }]),
      'sound',
    ],
    ['with a size of one byte at the end', metadata([{ ...itemOf(GUID.diskSize), offset: 2 * MIB, length: 1 }]), 'cut'],
    // A longer item counts as 64 KiB.
    ['with a size of 4 GiB', metadata([{ ...itemOf(GUID.diskSize), length: 0xffff_ffff }]), 'sound'],
  ])('with a metadata table %s: %s', (_what, region, word) => {
    expect(withMetadata(region)).toBe(word);
  });
});

function itemOf(guid: string) {
  const item = items().find((found) => found.guid === guid);
  if (item === undefined) throw new Error('no such item');
  return item;
}

describe('a file that ends', () => {
  const image = vhdxImage();

  it.each([
    ['in the region table', 262_143, 'cut'],
    ['behind the region table', 262_144, 'cut'],
    ['in the header of the metadata table', 2 * MIB + 31, 'cut'],
    ['behind the items', 2 * MIB + 32 + 3 * 32, 'cut'],
    ['in the size', SIZE_ITEM + 7, 'cut'],
    ['behind the size', SIZE_ITEM + 8, 'sound'],
  ])('%s', (_what, length, word) => {
    expect(tablesOf(image.subarray(0, length))).toBe(word);
    expect(tablesOf(image.subarray(0, length), null)).toBe(word);
  });

  it('has no item only where all of the metadata table is there', () => {
    const without = vhdxImage({ metadata: metadata([]) });
    expect(tablesOf(without.subarray(0, 2 * MIB + 65_536))).toBe('no-size-item');
    expect(tablesOf(without.subarray(0, 2 * MIB + 65_535))).toBe('cut');
  });
});

it.each([196_608, 2 * MIB, SIZE_ITEM])('what cannot be read from byte %i on is not known', (end) => {
  function* read(offset: number, length: number): Reading<Uint8Array> {
    if (offset >= end) throw new Unreadable('no-random-access', 'forward only');
    return yield* readUpTo(offset, length);
  }
  // The place of the size need not be read where the size of the file is known.
  expect(readOver(vhdxImage(), vhdxTables(end === SIZE_ITEM ? null : 4 * MIB, read)).value).toBeNull();
});
