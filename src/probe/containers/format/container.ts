import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence } from '../../../model/verdict.ts';
import type { ContainerType } from '../../../model/vocabulary.ts';
import type { FileHead } from '../../reading/file-head.ts';
import type { Reading } from '../../reading/reading.ts';

/** How guest bytes are read. */
export type GuestAccess =
  | {
      readonly kind: 'mapped';
      /**
       * Reads guest bytes [offset, offset + length), fewer only at the end of the virtual disk; unallocated blocks are
       * zeros. Throws `Unreadable` where a block lies outside the file (never zeros: a lost block must not look blank).
       */
      readonly read: (offset: number, length: number) => Reading<Uint8Array>;
      /** `stale`: the image is marked as open or has a log to replay; its content is `likely` at most. */
      readonly tables: 'sound' | 'stale';
    }
  /** The content cannot be read; `why` for a person: `encrypted`, `needs a parent file`, `malformed header`. */
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
   * Whether guest data lies at an offset of the file, judged by the beginning of its map; absent where there is no map.
   */
  readonly holds?: (offset: number) => Reading<boolean>;
}

/** Bytes at a fixed place that identify a format; a string means its Latin-1 bytes. */
export interface Magic {
  readonly offset: number;
  readonly bytes: string;
}

/** One container format. Names in the file (backing files, extents, parents) are never followed, kept or printed. */
export interface ContainerFormat {
  readonly containerType: ContainerType;
  /**
   * Every file of the format has one of these, unless `recognise` finds it by a second header. Empty where a file of
   * the format may begin with anything: a text, the guest itself.
   */
  readonly magics: readonly Magic[];
  /** The sign of this format in the head, or null; pure and cheap. What follows the magic may still be malformed. */
  readonly recognise: (file: FileHead) => ByteEvidence | null;
  /**
   * Reads the header and the first tables of the map. Only called after `recognise`. A header that breaks the rules of
   * its format leads to `closed` and safety codes; only reads throw `Unreadable`.
   */
  readonly open: (file: FileHead) => Reading<OpenedContainer>;
}
