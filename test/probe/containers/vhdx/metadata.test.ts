import { describe, expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';
import { readMetadata } from '../../../../src/probe/containers/vhdx/metadata.ts';
import { readOver } from '../../reading-over.ts';
import { GUID, items, metadata, type DiskFields, type ItemFields } from '../vhdx-image.ts';

const MIB = 1024 * 1024;

function read(bytes: Buffer) {
  const notes = new Observations();
  const { value, asked } = readOver(bytes, readMetadata({ offset: 0, length: MIB }, notes));
  return { disk: value, codes: notes.safety(), requests: asked.length };
}

const disk = (fields: DiskFields): ReturnType<typeof read> => read(metadata(items(fields)));
const withItem = (item: ItemFields): ReturnType<typeof read> => read(metadata([...items(), item]));

it('says what the disk is', () => {
  expect(disk({ flags: 2, sectorSize: 4096 }).disk).toEqual({
    blockSize: MIB,
    hasParent: true,
    virtualSize: 8 * MIB,
    sectorSize: 4096,
  });
});

describe('a disk', () => {
  it.each<[string, DiskFields]>([
    ['blocks below 1 MiB', { blockSize: MIB / 2 }],
    ['blocks beyond 256 MiB', { blockSize: 512 * MIB }],
    ['blocks of no power of two', { blockSize: 3 * MIB }],
    ['sectors of 1024 bytes', { sectorSize: 1024 }],
    ['no bytes', { size: 0n }],
    ['a part of a sector', { size: 513n }],
    ['more than 64 TiB', { size: 2n ** 46n + 512n }],
  ])('with %s is malformed', (_, fields) => {
    expect(() => disk(fields)).toThrow(/^(?:blocks|sectors|a disk) of/u);
  });

  it('of 64 TiB and blocks of 256 MiB is the largest', () => {
    expect(disk({ size: 2n ** 46n, blockSize: 256 * MIB }).disk?.virtualSize).toBe(2 ** 46);
  });
});

describe('an item', () => {
  const unknown: ItemFields = { guid: GUID.unknown, value: Buffer.alloc(4) };

  it('that is unknown is skipped unless it is required', () => {
    expect(withItem({ ...unknown, flags: 0 }).disk).not.toBeNull();
    expect(withItem(unknown)).toMatchObject({ disk: null, codes: ['UNKNOWN_FEATURE_BITS'] });
  });

  it('of a user is none of the system, even with its GUID', () => {
    expect(() => read(metadata(items().map((item) => ({ ...item, flags: 1 }))))).toThrow('is not listed');
  });

  it.each<[string, ItemFields]>([
    ['listed twice', items()[0] as ItemFields],
    ['over the table', { ...unknown, guid: GUID.parentLocator, value: Buffer.alloc(20), offset: 65_535 }],
    ['shorter than its content', { ...unknown, guid: GUID.parentLocator, value: Buffer.alloc(20), length: 19 }],
    ['past the region', { ...unknown, guid: GUID.parentLocator, value: Buffer.alloc(20), offset: MIB - 19 }],
  ])('%s is malformed', (_, item) => {
    expect(() => withItem(item)).toThrow(/^a metadata item/u);
  });
});

it('is no table without its signature, or with too many entries', () => {
  expect(() => read(metadata(items()).fill(0, 0, 1))).toThrow('no metadata table at 0');
  const many = metadata(items());
  many.writeUInt16LE(2048, 10);
  expect(() => read(many)).toThrow('a metadata table of 2048 entries');
});
