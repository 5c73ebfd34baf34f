import { noise } from './bytes.ts';
import { crc32c } from '../../../src/probe/reading/checksums.ts';

/** Hand-made VHDX files, for what no tool writes. Layouts: Microsoft, [MS-VHDX]. */

const MIB = 1024 * 1024;

export const GUID = {
  blockTable: '6677c22d23f600429d64115e9bfd4a08',
  metadata: '06a27c8b90479a4bb8fe575f050f886e',
  fileParameters: '3767a1ca36fa434db3b633f0aa44e76b',
  diskSize: '2442a52f1bcd7648b2115dbed83bf4b8',
  logicalSector: '1dbf41816fa90947ba47f233a8faab5f',
  parentLocator: '2d5fd3a80bb34d45abf7d3d84834ab0c',
  unknown: '0123456789abcdef0123456789abcdef',
};

export interface HeaderFields {
  readonly sequence?: bigint;
  readonly version?: number;
  readonly logGuid?: number;
  readonly logVersion?: number;
  readonly logLength?: number;
  readonly logOffset?: bigint;
}

export function header(fields: HeaderFields = {}): Buffer {
  const bytes = Buffer.alloc(4096);
  bytes.write('head', 0, 'latin1');
  bytes.writeBigUInt64LE(fields.sequence ?? 5n, 8);
  bytes.fill(fields.logGuid ?? 0, 48, 64);
  bytes.writeUInt16LE(fields.logVersion ?? 0, 64);
  bytes.writeUInt16LE(fields.version ?? 1, 66);
  bytes.writeUInt32LE(fields.logLength ?? MIB, 68);
  bytes.writeBigUInt64LE(fields.logOffset ?? BigInt(MIB), 72);
  return seal(bytes);
}

export function seal(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(0, 4);
  bytes.writeUInt32LE(crc32c(bytes), 4);
  return bytes;
}

export interface RegionFields {
  readonly guid: string;
  readonly offset: bigint;
  readonly length: number;
  readonly required?: number;
}

export const METADATA_REGION: RegionFields = { guid: GUID.metadata, offset: BigInt(2 * MIB), length: MIB };
export const TABLE_REGION: RegionFields = { guid: GUID.blockTable, offset: BigInt(3 * MIB), length: MIB };

export function regionTable(regions: readonly RegionFields[] = [TABLE_REGION, METADATA_REGION]): Buffer {
  const bytes = Buffer.alloc(65_536);
  bytes.write('regi', 0, 'latin1');
  bytes.writeUInt32LE(regions.length, 8);
  for (const [index, region] of regions.entries()) {
    const at = 16 + index * 32;
    bytes.write(region.guid, at, 'hex');
    bytes.writeBigUInt64LE(region.offset, at + 16);
    bytes.writeUInt32LE(region.length, at + 24);
    bytes.writeUInt32LE(region.required ?? 1, at + 28);
  }
  return seal(bytes);
}

export interface ItemFields {
  readonly guid: string;
  readonly value: Buffer;
  readonly offset?: number;
  readonly length?: number;
  readonly flags?: number;
}

export interface DiskFields {
  readonly blockSize?: number;
  readonly flags?: number;
  readonly size?: bigint;
  readonly sectorSize?: number;
}

const le32 = (...values: readonly number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
const le64 = (value: bigint): Buffer => Buffer.from(BigUint64Array.of(value).buffer);

export function items(disk: DiskFields = {}): readonly ItemFields[] {
  return [
    { guid: GUID.fileParameters, value: le32(disk.blockSize ?? MIB, disk.flags ?? 0) },
    { guid: GUID.diskSize, value: le64(disk.size ?? BigInt(8 * MIB)) },
    { guid: GUID.logicalSector, value: le32(disk.sectorSize ?? 512) },
  ];
}

export function metadata(list: readonly ItemFields[]): Buffer {
  const bytes = Buffer.alloc(MIB);
  bytes.write('metadata', 0, 'latin1');
  bytes.writeUInt16LE(list.length, 10);
  for (const [index, item] of list.entries()) {
    const at = 32 + index * 32;
    const offset = 65_536 + index * 64;
    bytes.write(item.guid, at, 'hex');
    bytes.writeUInt32LE(item.offset ?? offset, at + 16);
    bytes.writeUInt32LE(item.length ?? item.value.length, at + 20);
    bytes.writeUInt32LE(item.flags ?? 4, at + 24);
    item.value.copy(bytes, offset);
  }
  return bytes;
}

export interface VhdxImage {
  readonly headers?: readonly [Buffer, Buffer];
  readonly regions?: readonly [Buffer, Buffer];
  readonly metadata?: Buffer;
  /** Entries of the block allocation table by index. */
  readonly entries?: Readonly<Record<number, bigint>>;
  /** What follows from 4 MiB on. */
  readonly blocks?: Buffer;
}

/** Identifier, headers, region tables; log at 1 MiB, metadata at 2 MiB, table at 3 MiB. */
export function vhdxImage(image: VhdxImage = {}): Buffer {
  const front = Buffer.alloc(4 * MIB);
  front.write('vhdxfile', 0, 'latin1');
  const [first, second] = image.headers ?? [header({ sequence: 4n }), header({ sequence: 5n })];
  first.copy(front, 65_536);
  second.copy(front, 131_072);
  const [one, other] = image.regions ?? [regionTable(), regionTable()];
  one.copy(front, 196_608);
  other.copy(front, 262_144);
  (image.metadata ?? metadata(items())).copy(front, 2 * MIB);
  for (const [index, entry] of Object.entries(image.entries ?? {})) {
    front.writeBigUInt64LE(entry, 3 * MIB + Number(index) * 8);
  }
  return Buffer.concat([front, image.blocks ?? Buffer.alloc(0)]);
}

/** An entry of the block allocation table. */
export function entry(mebibyte: number, state: number): bigint {
  return (BigInt(mebibyte) << 20n) | BigInt(state);
}

export const DATA = noise(MIB, 21);
/** The guest bytes that are looked at. */
export const WINDOW = DATA.subarray(0, 69_632);
/** A disk of 8 MiB whose first block is there. */
export const SOUND = { entries: { 0: entry(4, 6) }, blocks: DATA };
