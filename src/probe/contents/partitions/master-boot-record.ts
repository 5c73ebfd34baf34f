import type { LayerFacts } from '../../../model/inspection.ts';
import type { Fields } from '../../reading/fields.ts';
import { sighting, type Partition, type Recogniser, type Sighting, type ContentWindow } from '../sighting/sighting.ts';

/** One entry of the partition table in sector 0. Start and length are in sectors of the guest. */
export interface MbrEntry {
  readonly boot: number;
  /** Head, sector and cylinder bytes of the first sector, as stored. */
  readonly startChs: readonly [number, number, number];
  readonly type: number;
  readonly start: number;
  readonly sectors: number;
}

const TABLE = 446;

/** Type of the entry that hides a GPT disk from programs without GPT (UEFI specification 2.10, section 5.2.3). */
export const GPT_PROTECTIVE = 0xee;

/** Returns the four entries, used or not; null where the signature 55 AA is missing at 510. */
export function mbrEntries(bytes: Fields): readonly MbrEntry[] | null {
  if (!bytes.is(510, [0x55, 0xaa])) return null;
  return [0, 1, 2, 3].map((index) => {
    const at = TABLE + 16 * index;
    return {
      boot: bytes.u8(at),
      startChs: [bytes.u8(at + 1), bytes.u8(at + 2), bytes.u8(at + 3)],
      type: bytes.u8(at + 4),
      start: bytes.u32le(at + 8),
      sectors: bytes.u32le(at + 12),
    };
  });
}

/** The entry that protects a GPT begins at head 0, sector 2, cylinder 0. */
const PROTECTIVE_CHS = [0, 2, 0];

/**
 * The first fault that the inspection of OpenStack's services finds in four entries. It goes through them one after the
 * other and checks all that concerns one alone, then how many there are. Source: oslo.utils 41f5fb6,
 * imageutils/format_inspector.py, GPTInspector.
 */
export function inspectedFault(entries: readonly MbrEntry[]): NonNullable<LayerFacts['mbr']> {
  for (const { boot, type, start, startChs } of entries) {
    if (boot !== 0 && boot !== 0x80) return 'boot-flag';
    if (type !== GPT_PROTECTIVE) continue;
    if (startChs.some((byte, place) => byte !== PROTECTIVE_CHS[place])) return 'gpt-start-chs';
    if (start !== 1) return 'gpt-start-lba';
  }
  const typed = entries.filter(({ type }) => type !== 0);
  const isAlone = typed.length === 1 && typed[0] === entries[0];
  if (typed.some(({ type }) => type === GPT_PROTECTIVE) && !isAlone) return 'gpt-not-alone';
  return typed.length === 0 ? 'no-partitions' : 'sound';
}

/** FAT with two tables on medium F8. The inspection does not take its boot sector for a partition table. */
export function isFatBootSector(bytes: Fields): boolean {
  return bytes.u8(16) === 2 && bytes.u8(21) === 0xf8;
}

/**
 * A partition table. 55 AA alone proves nothing: every boot sector and every x86 kernel has it. So all boot marks must
 * be 00 or 80, and one entry must have a type and a length and begin behind sector 0. The entry of `mkfs.fat --mbr=y`,
 * which covers the volume from sector 0, does not count. Source: util-linux libblkid/src/partitions/dos.c.
 */
export const masterBootRecord: Recogniser = (window) => {
  const entries = mbrEntries(window.bytes);
  if (entries === null) return null;
  // A Linux boot sector has 55 AA at 510 too (Linux Documentation/arch/x86/boot.rst).
  if (window.bytes.is(514, 'HdrS')) return besideLinuxSetup(window, entries.slice(0, 3));
  if (entries.some(({ boot }) => boot !== 0 && boot !== 0x80)) return null;
  const used = entries.filter(({ type, start, sectors }) => type !== 0 && sectors !== 0 && start > 0);
  if (used.length === 0) return null;
  const partitions = used.filter(({ type }) => type !== GPT_PROTECTIVE);
  // A protective MBR alone: the GPT is damaged, or its sectors have an unusual size.
  if (partitions.length === 0) return sighting('protective MBR', 'disk', 'weak', TABLE);
  return partitioned(window, partitions);
};

/**
 * Reads the table in the first sector of a kernel. The setup header lies over the fourth entry, so the other three must
 * be empty, or valid and inside the image. Kernels have messages, code or the section table of a PE image there.
 */
function besideLinuxSetup(window: ContentWindow, entries: readonly MbrEntry[]): Sighting | null {
  const used = entries.filter(({ boot, type, start, sectors }) => boot + type + start + sectors > 0);
  const sectors = window.guestSize === null ? Number.POSITIVE_INFINITY : window.guestSize / window.sectorSize;
  const isTable = used.every(
    (entry) =>
      (entry.boot === 0 || entry.boot === 0x80) &&
      entry.type !== 0 &&
      entry.start > 0 &&
      entry.sectors > 0 &&
      entry.start + entry.sectors <= sectors,
  );
  return isTable && used.length > 0 ? partitioned(window, used) : null;
}

function partitioned(window: ContentWindow, entries: readonly MbrEntry[]): Sighting {
  const end = window.guestSize ?? Number.POSITIVE_INFINITY;
  const outside = entries.filter(({ start }) => start * window.sectorSize >= end).length;
  const extended = entries.some(({ type }) => type === 0x05 || type === 0x0f || type === 0x85);
  const count = `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}${extended ? ', one extended' : ''}`;
  const partitions = partitionsOf(window);
  if (outside === 0) return sighting('MBR', 'disk', 'likely', TABLE, { detail: count, partitions });
  return sighting('MBR', 'disk', 'weak', TABLE, {
    detail: `${count}, ${outside} beyond the end of the image`,
    safety: ['TRUNCATED'],
    partitions,
  });
}

/**
 * Returns the partitions of all entries with a length that do not protect a GPT. Those of hybrid discs may begin at
 * sector 0, or have type 0.
 */
function partitionsOf({ bytes, sectorSize }: ContentWindow): readonly Partition[] {
  return (mbrEntries(bytes) ?? [])
    .filter(({ type, sectors }) => sectors !== 0 && type !== GPT_PROTECTIVE)
    .map(({ start, sectors }) => ({
      start: BigInt(start) * BigInt(sectorSize),
      end: BigInt(start + sectors) * BigInt(sectorSize),
    }));
}
