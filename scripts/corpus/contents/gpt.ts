import { assemble, le32, le64 } from '../bytes.ts';
import { crc32 } from '../checksums.ts';
import type { Patch } from '../workshop.ts';

const ENTRIES = 128;
const ENTRY_SIZE = 128;
/** "Linux filesystem data", 0FC63DAF-8483-4772-8E79-3D69D8477DE4, as stored. */
const LINUX_DATA = Buffer.from('af3dc60f838472478e793d69d8477de4', 'hex');

/**
 * A GUID partition table with one partition from sector 256, primary and backup, checksums in order; for sector sizes that
 * partitioning programs only make on a device (UEFI specification 2.10, 5.2 and 5.3).
 */
export function guidPartitionTable(size: number, sector: number): readonly Patch[] {
  const last = size / sector - 1;
  const tableSectors = (ENTRIES * ENTRY_SIZE) / sector;
  const table = assemble(ENTRIES * ENTRY_SIZE, [
    [0, LINUX_DATA],
    [16, Buffer.alloc(16, 0x42)],
    [32, le64(256)],
    [40, le64(last - tableSectors - 256)],
    [56, Buffer.from('root', 'utf16le')],
  ]);
  const header = (own: number, other: number, tableAt: number): Buffer => {
    const bytes = assemble(92, [
      [0, 'EFI PART'],
      [8, le32(0x0001_0000)],
      [12, le32(92)],
      [24, le64(own)],
      [32, le64(other)],
      [40, le64(2 + tableSectors)],
      [48, le64(last - tableSectors - 1)],
      [56, Buffer.alloc(16, 0x24)],
      [72, le64(tableAt)],
      [80, le32(ENTRIES)],
      [84, le32(ENTRY_SIZE)],
      [88, le32(crc32(table))],
    ]);
    bytes.set(le32(crc32(bytes)), 16);
    return bytes;
  };
  return [
    [446, protectiveEntry(Math.min(last, 0xff_ff_ff_ff))],
    [510, '\x55\xAA'],
    [sector, header(1, last, 2)],
    [2 * sector, table],
    [(last - tableSectors) * sector, table],
    [last * sector, header(last, 1, last - tableSectors)],
  ];
}

function protectiveEntry(sectors: number): Buffer {
  return assemble(16, [
    [1, '\x00\x02\x00'],
    [4, '\xEE\xFF\xFF\xFF'],
    [8, le32(1)],
    [12, le32(sectors)],
  ]);
}
