import { deflateSync } from 'node:zlib';
import { noise } from './bytes.ts';

/** Hand-made VMDK files, for what QEMU does not write. Layouts: VMware, "Virtual Disk Format 5.0"; seSparse as QEMU reads it. */

export const SECTOR = 512;
export const AT_END = 2n ** 64n - 1n;

export interface SparseFields {
  readonly magic?: string;
  readonly version?: number;
  readonly flags?: number;
  readonly capacity?: bigint;
  readonly grain?: bigint;
  readonly descriptorOffset?: bigint;
  readonly descriptorSize?: bigint;
  readonly entriesPerTable?: number;
  readonly redundant?: bigint;
  readonly directory?: bigint;
  readonly overhead?: bigint;
  readonly unclean?: number;
  readonly newlines?: string;
  readonly algorithm?: number;
}

const CAPACITY = 2048n;

function sparseHeader(fields: SparseFields = {}): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write(fields.magic ?? 'KDMV', 0, 'latin1');
  bytes.writeUInt32LE(fields.version ?? 1, 4);
  bytes.writeUInt32LE(fields.flags ?? 3, 8);
  bytes.writeBigUInt64LE(fields.capacity ?? CAPACITY, 12);
  bytes.writeBigUInt64LE(fields.grain ?? 128n, 20);
  bytes.writeBigUInt64LE(fields.descriptorOffset ?? 1n, 28);
  bytes.writeBigUInt64LE(fields.descriptorSize ?? 20n, 36);
  bytes.writeUInt32LE(fields.entriesPerTable ?? 512, 44);
  bytes.writeBigUInt64LE(fields.redundant ?? 21n, 48);
  bytes.writeBigUInt64LE(fields.directory ?? 26n, 56);
  bytes.writeBigUInt64LE(fields.overhead ?? 128n, 64);
  bytes.writeUInt8(fields.unclean ?? 0, 72);
  bytes.write(fields.newlines ?? '\n \r\n', 73, 'latin1');
  bytes.writeUInt16LE(fields.algorithm ?? 0, 77);
  return bytes;
}

export interface DescriptorLines {
  readonly createType?: string;
  readonly parentCid?: string;
  readonly more?: readonly string[];
  readonly extents?: readonly string[];
}

/** As Workstation writes it. */
export function descriptor(lines: DescriptorLines = {}): string {
  return [
    '# Disk DescriptorFile',
    'version=1',
    'encoding="UTF-8"',
    'CID=fffffffe',
    `parentCID=${lines.parentCid ?? 'ffffffff'}`,
    `createType="${lines.createType ?? 'monolithicSparse'}"`,
    ...(lines.more ?? []),
    '',
    '# Extent description',
    ...(lines.extents ?? ['RW 2048 SPARSE "disk.vmdk"']),
    '',
    '# The Disk Data Base',
    '#DDB',
    '',
    'ddb.adapterType = "lsilogic"',
    'ddb.geometry.cylinders = "1"',
    'ddb.longContentID = "0123456789abcdef0123456789abcdef"',
    'ddb.virtualHWVersion = "8"',
    '',
  ].join('\n');
}

export interface SparseImage {
  readonly header?: SparseFields;
  readonly descriptor?: string;
  /** Sector numbers of the first grains, in both tables. */
  readonly grains?: readonly number[];
  /** What lies from sector 128 on. */
  readonly data?: Buffer;
}

/** Workstation's layout: descriptor at 1, redundant directory and table at 21, the others at 26, grains from 128. */
export function sparseImage(image: SparseImage = {}): Buffer {
  const front = Buffer.alloc(128 * SECTOR);
  sparseHeader(image.header).copy(front);
  front.write(image.descriptor ?? descriptor(), SECTOR, 'latin1');
  for (const directory of [21, 26]) {
    front.writeUInt32LE(directory + 1, directory * SECTOR);
    for (const [index, sector] of (image.grains ?? []).entries()) {
      front.writeUInt32LE(sector, (directory + 1) * SECTOR + index * 4);
    }
  }
  return Buffer.concat([front, image.data ?? Buffer.alloc(0)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((SECTOR - (bytes.length % SECTOR)) % SECTOR)]);
}

export function grainMarker(lba: number, grain: Buffer): Buffer {
  const data = deflateSync(grain);
  const marker = Buffer.alloc(12);
  marker.writeBigUInt64LE(BigInt(lba), 0);
  marker.writeUInt32LE(data.length, 8);
  return padded(Buffer.concat([marker, data]));
}

export function metadataMarker(sectors: number, type: number): Buffer {
  const marker = Buffer.alloc(SECTOR);
  marker.writeBigUInt64LE(BigInt(sectors), 0);
  marker.writeUInt32LE(type, 12);
  return marker;
}

export interface StreamImage {
  readonly header?: SparseFields;
  readonly footer?: SparseFields | null;
  readonly descriptor?: string;
  /** Grains by their first sector, in the order of the file. */
  readonly grains: readonly (readonly [lba: number, grain: Buffer])[];
}

/** What ovftool and vSphere export: version 3, grains with markers, tables and directory behind them, a footer that knows. */
export function streamImage(image: StreamImage): Buffer {
  const shared = { version: 3, flags: 0x30001, algorithm: 1, redundant: 0n };
  const front = Buffer.alloc(128 * SECTOR);
  sparseHeader({ ...shared, directory: AT_END, ...image.header }).copy(front);
  front.write(image.descriptor ?? descriptor({ createType: 'streamOptimized' }), SECTOR, 'latin1');
  const parts: Buffer[] = [front];
  const table = Buffer.alloc(4 * SECTOR);
  let sector = 128;
  for (const [lba, grain] of image.grains) {
    const part = grainMarker(lba, grain);
    table.writeUInt32LE(sector, (lba / 128) * 4);
    parts.push(part);
    sector += part.length / SECTOR;
  }
  const directory = Buffer.alloc(SECTOR);
  directory.writeUInt32LE(sector + 1, 0);
  parts.push(metadataMarker(4, 1), table, metadataMarker(1, 2), directory);
  if (image.footer !== null) {
    parts.push(
      metadataMarker(1, 3),
      sparseHeader({ ...shared, directory: BigInt(sector + 6), ...image.header, ...image.footer }),
      metadataMarker(0, 0),
    );
    const footer = parts.at(-2);
    if (image.footer?.directory === undefined) footer?.writeBigUInt64LE(BigInt(sector + 6), 56);
  }
  return Buffer.concat(parts);
}

export interface CowdImage {
  readonly flags?: number;
  readonly version?: number;
  readonly capacity?: number;
  readonly grain?: number;
  readonly directory?: number;
  readonly tables?: number;
  readonly parent?: string;
  readonly unclean?: number;
  /** Which of the first sectors are here. */
  readonly here: readonly number[];
}

/** An ESX delta: header of four sectors, directory at 4, table at 5, grains of one sector from 37. `data` by guest sector. */
export function cowdImage(image: CowdImage, data: Buffer): Buffer {
  const front = Buffer.alloc(37 * SECTOR);
  front.write('COWD', 0, 'latin1');
  front.writeUInt32LE(image.version ?? 1, 4);
  front.writeUInt32LE(image.flags ?? 3, 8);
  front.writeUInt32LE(image.capacity ?? 4096, 12);
  front.writeUInt32LE(image.grain ?? 1, 16);
  front.writeUInt32LE(image.directory ?? 4, 20);
  front.writeUInt32LE(image.tables ?? 1, 24);
  front.write(image.parent ?? '', 32, 'latin1');
  front.writeUInt32LE(image.unclean ?? 0, 1648);
  front.writeUInt32LE(5, 4 * SECTOR);
  const grains = image.here.map((sector, index) => {
    front.writeUInt32LE(37 + index, 5 * SECTOR + sector * 4);
    return data.subarray(sector * SECTOR, (sector + 1) * SECTOR);
  });
  return Buffer.concat([front, ...grains]);
}

export interface SeSparseImage {
  readonly fields?: Readonly<Record<number, bigint>>;
  readonly replay?: bigint;
  readonly directory?: bigint;
  readonly entries: readonly bigint[];
}

/** Header at 0, volatile header at 1, directory at 2, table at 8, grains from 80, counted in sectors. */
export function seSparseImage(image: SeSparseImage, data: Buffer): Buffer {
  const front = Buffer.alloc(80 * SECTOR);
  const constants: Record<number, bigint> = {
    0: 0xcafebaben,
    8: 0x2_0000_0001n,
    16: CAPACITY,
    24: 8n,
    32: 64n,
    80: 1n,
    88: 1n,
    128: 2n,
    136: 1n,
    144: 8n,
    152: 64n,
    192: 80n,
    ...image.fields,
  };
  for (const [offset, value] of Object.entries(constants)) front.writeBigUInt64LE(value, Number(offset));
  front.writeBigUInt64LE(0xcafecafen, SECTOR);
  front.writeBigUInt64LE(image.replay ?? 0n, SECTOR + 24);
  front.writeBigUInt64LE(image.directory ?? 0x1000_0000_0000_0000n, 2 * SECTOR);
  for (const [index, entry] of image.entries.entries()) front.writeBigUInt64LE(entry, 8 * SECTOR + index * 8);
  return Buffer.concat([front, data]);
}

/** Entry of grain number `grain` of the file, as seSparse splits it. */
export function seSparseEntry(grain: number): bigint {
  return (3n << 60n) | (BigInt(grain & 0xfff) << 48n) | BigInt(Math.floor(grain / 4096));
}

export const GRAIN = 65_536;
/** Two grains, of which half is text that compresses. */
export const DATA = Buffer.concat([noise(30_000, 31), Buffer.alloc(70_000, 'text '), noise(2 * GRAIN - 100_000, 32)]);
/** The guest bytes that are looked at. */
export const WINDOW = DATA.subarray(0, 69_632);
/** An image whose first two grains hold `DATA`. */
export const SOUND = { grains: [128, 256], data: DATA };
