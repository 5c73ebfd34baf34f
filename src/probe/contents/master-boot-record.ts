import type { Fields } from '../fields.ts';
import { sighting, type Recogniser, type Sighting } from './sighting.ts';
import type { ContentWindow } from '../content.ts';

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

/** Type of the entry that protects a GPT from programs that do not know it (UEFI specification 2.10, section 5.2.3). */
export const GPT_PROTECTIVE = 0xee;

/** The four entries, used or not, or null where the signature 55 AA is missing at 510. */
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

/**
 * A partition table that can only be one: 55 AA alone stands in every boot sector and every x86 kernel, so all boot marks must be 00 or
 * 80, and one entry must be used, not empty, and begin behind sector 0. An entry of `mkfs.fat --mbr=y`, which covers the volume from
 * sector 0, is none. Source: util-linux libblkid/src/partitions/dos.c.
 */
export const masterBootRecord: Recogniser = (window) => {
  const entries = mbrEntries(window.bytes);
  if (entries === null || isLinuxSetup(window.bytes)) return null;
  if (entries.some(({ boot }) => boot !== 0 && boot !== 0x80)) return null;
  const used = entries.filter(({ type, start, sectors }) => type !== 0 && sectors !== 0 && start > 0);
  if (used.length === 0) return null;
  const partitions = used.filter(({ type }) => type !== GPT_PROTECTIVE);
  return partitions.length === 0 ? protective() : partitioned(window, partitions);
};

function partitioned(window: ContentWindow, partitions: readonly MbrEntry[]): Sighting {
  const outside = partitions.filter(({ start }) => isOutside(start, window)).length;
  const extended = partitions.some(({ type }) => type === 0x05 || type === 0x0f || type === 0x85);
  const count = `${partitions.length} ${partitions.length === 1 ? 'entry' : 'entries'}${extended ? ', one extended' : ''}`;
  if (outside === 0) return sighting('MBR', 'disk', 'likely', TABLE, { detail: count });
  return sighting('MBR', 'disk', 'weak', TABLE, {
    detail: `${count}, ${outside} beyond the end of the image`,
    safety: ['TRUNCATED'],
  });
}

/** Where this is all there is, the GPT is damaged, or its sectors have an unusual size. */
function protective(): Sighting {
  return sighting('protective MBR', 'disk', 'weak', TABLE);
}

function isOutside(start: number, { guestSize, sectorSize }: ContentWindow): boolean {
  return guestSize !== null && start * sectorSize >= guestSize;
}

/** A Linux boot sector has 55 AA at 510 too; its header follows at once (Linux Documentation/arch/x86/boot.rst). */
function isLinuxSetup(bytes: Fields): boolean {
  return bytes.is(514, 'HdrS');
}
