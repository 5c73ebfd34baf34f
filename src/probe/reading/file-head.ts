import type { Fields } from './fields.ts';

/** The beginning of a file, read before anything is decided. */
export interface FileHead {
  /** The first `HEAD_LENGTH` bytes, or all of a shorter file. */
  readonly head: Fields;
  /** Bytes of the whole file; null where the source does not tell. */
  readonly size: number | null;
}

/** Length of the first read. It suffices for raw, qcow2, QED, VDI, VHD and VMDK images of usual layout. */
export const HEAD_LENGTH = 512 * 1024;

/** Guest bytes that are examined. The last structure in them, the superblock of Btrfs, ends here (68 KiB). */
export const WINDOW_LENGTH = 69_632;
