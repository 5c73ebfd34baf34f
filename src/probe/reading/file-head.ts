import type { Fields } from './fields.ts';

/** The beginning of a file, read before anything else is decided. */
export interface FileHead {
  /** The first `HEAD_LENGTH` bytes, or all of a shorter file. */
  readonly head: Fields;
  /** Bytes of the whole file; null where the source does not tell. */
  readonly size: number | null;
}

/** First read of every probe: settles raw, qcow2, QED, VDI, VHD and VMDK of usual layout in one request. */
export const HEAD_LENGTH = 512 * 1024;

/** Guest bytes looked at: the last anchor, the superblock of btrfs, ends here (68 KiB). */
export const WINDOW_LENGTH = 69_632;
