import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence } from '../../../model/verdict.ts';
import type { ContainerType } from '../../../model/vocabulary.ts';
import type { FileHead } from '../../reading/file-head.ts';
import type { Reading } from '../../reading/reading.ts';

/** Way from guest bytes to file bytes. */
export type GuestAccess =
  | {
      readonly kind: 'mapped';
      /**
       * Guest bytes [offset, offset + length), shorter only at the end of the virtual disk; unallocated blocks are zeros.
       * Throws `Unreadable` where a block lies outside the file (never zeros: a lost block must not look blank).
       */
      readonly read: (offset: number, length: number) => Reading<Uint8Array>;
      /** `stale`: a dirty log or mark; content is at most `likely`. */
      readonly tables: 'sound' | 'stale';
    }
  /** The content cannot be reached; `why` for a person: `encrypted`, `needs a parent file`, `malformed header`. */
  | { readonly kind: 'closed'; readonly why: string };

export interface OpenedContainer {
  readonly containerType: ContainerType;
  /** Size of the virtual disk in bytes; null where unknown. */
  readonly virtualSize: number | null;
  /** Logical sector size of the guest, 512 or 4096. */
  readonly sectorSize: number;
  readonly evidence: readonly ByteEvidence[];
  readonly safety: readonly SafetyCode[];
  readonly guest: GuestAccess;
  /**
   * Whether guest data lies at that offset of the file, as far as the beginning of its map tells; false where there is
   * no map.
   */
  readonly holds?: (offset: number) => Reading<boolean>;
}

/** One container format. Names in the file (backing files, extents, parents) are never followed, kept or printed. */
export interface ContainerFormat {
  readonly containerType: ContainerType;
  /** Whether the magic of this format is in the head; pure and cheap. What follows may still be malformed. */
  readonly recognise: (file: FileHead) => ByteEvidence | null;
  /**
   * Reads the header and whatever tables mapping needs at first. Only called after `recognise`. A header that breaks the rules of its
   * format gives `closed` guest access and safety codes; `Unreadable` is thrown only by reads.
   */
  readonly open: (file: FileHead) => Reading<OpenedContainer>;
}
