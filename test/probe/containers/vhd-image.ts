import { openVhdByEnd, type VhdByEnd } from '../../../src/probe/containers/vhd/vhd.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';

/** Hand-made VHD files, for what no tool writes. Layouts: Microsoft, "Virtual Hard Disk Image Format Specification". */

export interface FooterFields {
  readonly creator?: string;
  readonly currentSize?: bigint;
  readonly geometry?: readonly [cylinders: number, heads: number, sectors: number];
  readonly type?: number;
  readonly dataOffset?: bigint;
  readonly version?: number;
  readonly hidden?: number;
}

export const MIB = 1024 * 1024;

export function footer(fields: FooterFields = {}): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('conectix', 0, 'latin1');
  bytes.writeUInt32BE(2, 8);
  bytes.writeUInt32BE(fields.version ?? 0x0001_0000, 12);
  bytes.writeBigUInt64BE(fields.dataOffset ?? 512n, 16);
  bytes.write(fields.creator ?? 'win ', 28, 'latin1');
  bytes.writeBigUInt64BE(fields.currentSize ?? BigInt(4 * MIB), 40);
  bytes.writeBigUInt64BE(fields.currentSize ?? BigInt(4 * MIB), 48);
  const [cylinders, heads, sectors] = fields.geometry ?? [120, 4, 17];
  bytes.writeUInt16BE(cylinders, 56);
  bytes.writeUInt8(heads, 58);
  bytes.writeUInt8(sectors, 59);
  bytes.writeUInt32BE(fields.type ?? 3, 60);
  bytes.fill(0xab, 68, 84);
  seal(bytes, 64);
  bytes.writeUInt8(fields.hidden ?? 0, 85);
  return bytes;
}

/** Puts the right checksum into a footer or dynamic disk header. */
export function seal(bytes: Buffer, field: number): Buffer {
  bytes.writeUInt32BE(0, field);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.writeUInt32BE(~sum >>> 0, field);
  return bytes;
}

export interface DynamicFields {
  readonly tableOffset?: bigint;
  readonly entries?: number;
  readonly blockSize?: number;
}

export function dynamicHeader(fields: DynamicFields = {}): Buffer {
  const bytes = Buffer.alloc(1024);
  bytes.write('cxsparse', 0, 'latin1');
  bytes.fill(0xff, 8, 16);
  bytes.writeBigUInt64BE(fields.tableOffset ?? 1536n, 16);
  bytes.writeUInt32BE(0x0001_0000, 24);
  bytes.writeUInt32BE(fields.entries ?? 2, 28);
  bytes.writeUInt32BE(fields.blockSize ?? 2 * MIB, 32);
  return seal(bytes, 36);
}

export interface VhdImage {
  readonly footer?: FooterFields;
  readonly endFooter?: Buffer | null;
  readonly header?: DynamicFields;
  readonly table: readonly number[];
  /** What follows the table's sector, at 2048. */
  readonly blocks?: Buffer;
}

/** Footer copy, header, table at 1536, blocks from 2048, footer. */
export function vhdImage(image: VhdImage): Buffer {
  const copy = footer(image.footer);
  const table = Buffer.alloc(512, 0xff);
  for (const [index, entry] of image.table.entries()) table.writeUInt32BE(entry, index * 4);
  const end = image.endFooter === undefined ? copy : image.endFooter;
  return Buffer.concat([
    copy,
    dynamicHeader(image.header),
    table,
    image.blocks ?? Buffer.alloc(0),
    end ?? Buffer.alloc(0),
  ]);
}

/** A block: its sector bitmap, one sector for up to 2 MiB, and its data. */
export function block(bitmap: Buffer, data: Buffer): Buffer {
  return Buffer.concat([bitmap, Buffer.alloc(512 - bitmap.length), data]);
}

/** The fixed VHD that a footer at the end of a file of `size` bytes shows; null where it shows none. */
export function fixedByEnd(end: Uint8Array, size: number): VhdByEnd | null {
  const step = openVhdByEnd(end, size, { head: fieldsOf(new Uint8Array(0)), size }).next();
  return step.done === true && step.value?.kind === 'fixed' ? step.value : null;
}
