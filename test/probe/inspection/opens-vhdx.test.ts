import { describe, expect, it } from 'vitest';

import { VHDX } from '../../../src/probe/containers/vhdx/vhdx.ts';
import { opensVhdx } from '../../../src/probe/inspection/opens-vhdx.ts';
import { vhdxTables } from '../../../src/probe/inspection/vhdx-tables.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { readUpTo, type Reading } from '../../../src/probe/reading/reading.ts';
import {
  DATA,
  entry,
  GUID,
  header,
  items,
  metadata,
  METADATA_REGION,
  regionTable,
  TABLE_REGION,
  vhdxImage,
  type VhdxImage,
} from '../containers/vhdx-image.ts';
import { readOver } from '../reading-over.ts';

const MIB = 1024 * 1024;

/** Items that QEMU wants besides those that describe the disk: physical sector size and page 83 data. */
const MORE = [
  { guid: 'c748a3cd5d4471449cc9e9885251c556', value: Buffer.from([0, 2, 0, 0]) },
  { guid: 'ab12cabee6b2234593efc309e000c746', value: Buffer.alloc(16) },
];
const withItems = (disk: Parameters<typeof items>[0] = {}) => metadata([...items(disk), ...MORE]);

function* opening(size: number): Reading<boolean | null> {
  const file = { head: fieldsOf(yield* readUpTo(0, 512 * 1024)), size };
  return yield* opensVhdx(size, yield* vhdxTables(size, readUpTo), yield* VHDX.open(file));
}

const opens = (bytes: Uint8Array) => readOver(bytes, opening(bytes.length)).value;
/** A disk of 8 MiB with blocks of 1 MiB; its first block lies at 4 MiB. */
const opensImage = (image: VhdxImage) =>
  opens(vhdxImage({ metadata: withItems(), entries: { 0: entry(4, 6) }, blocks: DATA, ...image }));

describe('QEMU opens a VHDX', () => {
  it.each<[string, VhdxImage]>([
    ['with one block', {}],
    ['without blocks', { entries: {} }],
    ['with blocks that are not there', { entries: { 0: entry(9, 0), 1: entry(9, 1), 2: entry(9, 2), 3: entry(9, 3) } }],
    ['whose second region table is not valid', { regions: [regionTable(), Buffer.alloc(65_536)] }],
    ['whose two headers have one log', { headers: [header({ sequence: 9n }), header({ sequence: 2n })] }],
  ])('%s', (_what, image) => {
    expect(opensImage(image)).toBe(true);
  });

  it('whose last block is cut where the disk ends', () => {
    const image = { metadata: withItems({ size: BigInt(8 * MIB - 512) }), entries: { 7: entry(4, 6) } };
    expect(opensImage({ ...image, blocks: DATA.subarray(0, -512) })).toBe(true);
    expect(opensImage({ ...image, blocks: DATA.subarray(0, -1024) })).toBe(false);
  });
});

describe('QEMU refuses a VHDX', () => {
  it.each<[string, VhdxImage]>([
    ['with sectors of 4096 bytes', { metadata: withItems({ sectorSize: 4096 }) }],
    ['with a parent', { metadata: withItems({ flags: 2 }) }],
    ['without page 83 data', { metadata: metadata([...items(), ...MORE.slice(0, 1)]) }],
    ['without a physical sector size', { metadata: metadata([...items(), ...MORE.slice(1)]) }],
    [
      'with a locator of no parent',
      { metadata: metadata([...items(), ...MORE, { guid: GUID.parentLocator, value: Buffer.alloc(20) }]) },
    ],
    ['whose first region table has a wrong checksum', { regions: [regionTable().fill(1, 4, 5), regionTable()] }],
    ['without a region table', { regions: [Buffer.alloc(65_536), Buffer.alloc(65_536)] }],
    ['without metadata', { regions: [regionTable([TABLE_REGION]), regionTable([TABLE_REGION])] }],
    ['without the signature of metadata', { metadata: Buffer.alloc(MIB) }],
    ['with a block at the end', { entries: { 0: entry(4, 6), 7: entry(5, 6) } }],
    ['with a later block past the end', { entries: { 0: entry(4, 6), 7: entry(9, 6) } }],
    ['with a block that the file cuts', { blocks: DATA.subarray(0, -512) }],
    ['with a block over the log', { entries: { 0: entry(1, 6) } }],
    ['with a block over the metadata', { entries: { 7: entry(2, 6) } }],
    ['with a block over the table', { entries: { 7: entry(3, 6) } }],
  ])('%s', (_what, image) => {
    expect(opensImage(image)).toBe(false);
  });

  it('whose item is listed twice', () => {
    const twice = [...items(), ...MORE, ...MORE.slice(1)];
    expect(opensImage({ metadata: metadata(twice) })).not.toBe(true);
  });
});

describe('nothing is said of a VHDX', () => {
  const third = { guid: GUID.unknown, offset: BigInt(9 * MIB), length: MIB, required: 0 };

  it.each<[string, VhdxImage]>([
    ['with a log to replay', { headers: [header({ sequence: 4n, logGuid: 1 }), header({ sequence: 5n, logGuid: 1 })] }],
    [
      'with a third region',
      { regions: [regionTable([TABLE_REGION, METADATA_REGION, third]), regionTable()], blocks: Buffer.alloc(9 * MIB) },
    ],
    [
      'whose headers disagree on the log',
      { headers: [header({ sequence: 4n, logLength: 0 }), header({ sequence: 5n })] },
    ],
    ['without a valid header', { headers: [Buffer.alloc(4096), Buffer.alloc(4096)] }],
  ])('%s', (_what, image) => {
    expect(opensImage(image)).toBeNull();
  });

  it('of unknown size', () => {
    const bytes = vhdxImage({ metadata: withItems() });
    const file = { head: fieldsOf(bytes.subarray(0, 512 * 1024)), size: bytes.length };
    const container = readOver(bytes, VHDX.open(file)).value;
    expect(readOver(bytes, opensVhdx(null, 'sound', container)).value).toBeNull();
    expect(readOver(bytes, opensVhdx(bytes.length, null, container)).value).toBeNull();
  });
});
