import type { SafetyCode } from './safety.ts';
import type { ContainerType, Envelope, ImageType } from './vocabulary.ts';

/**
 * How sure a verdict is of the image type. `certain`: a checksum, or a magic of 8 bytes and more with its structure in order;
 * `likely`: a shorter magic with its structure in order; `weak`: a 16-bit magic or a structure with faults; `undetermined`: no
 * type is named.
 */
export const CONFIDENCES = ['certain', 'likely', 'weak', 'undetermined'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * Disk words that declare a signature at a fixed place, sorted, with what is missing where the bytes there were read
 * and it is not there. `raw` declares none, and that of `vhd` may be at the end alone.
 */
export const REFUTABLE = {
  cow: 'no OOOM signature at byte 0',
  iso: 'no volume descriptor at 32 KiB',
  luks: 'no LUKS signature at byte 0',
  ploop: 'no Parallels signature at byte 0',
  qcow: 'no QFI signature at byte 0',
  qcow2: 'no QFI signature at byte 0',
  qed: 'no QED signature at byte 0',
  vdi: 'no VDI signature at byte 64',
  vhdx: 'no vhdxfile signature at byte 0',
  vmdk: 'no VMDK signature at byte 0 and no createType in its text',
} as const;
export type RefutableFormat = keyof typeof REFUTABLE;
export const REFUTABLE_FORMATS = Object.keys(REFUTABLE) as readonly RefutableFormat[];

/** Something seen in the bytes. */
export interface ByteEvidence {
  /** Byte offset in the file where `detail` says nothing else; guest offsets are called so in `detail`. */
  readonly offset: number;
  /** For a person, plain ASCII, bounded: never raw bytes, names or addresses found in the image. */
  readonly detail: string;
}

/** What reading took: requests sent to the source and bytes that came back. */
export interface ReadCost {
  readonly requests: number;
  readonly bytes: number;
}

interface VerdictBase {
  /** `assumed` where no magic named the container, so that it is raw for want of anything else. */
  readonly containerBasis: 'proven' | 'assumed';
  readonly envelope: Envelope | null;
  /**
   * `cut`: a budget, or a source that can only be read forward, kept something unseen that was asked for. Raw bytes that were cut may be a
   * fixed VHD, which only its last sector tells.
   */
  readonly reach: 'whole' | 'cut';
  /**
   * Formats that the bytes are not, whatever else they are: where their signature must be was read, and it is not
   * there. Of the innermost layer that was judged. Sorted, without repeats.
   */
  readonly refutes: readonly RefutableFormat[];
  readonly evidence: readonly ByteEvidence[];
  /** Sorted, without repeats. */
  readonly safety: readonly SafetyCode[];
  readonly cost: ReadCost;
}

/** What the bytes of an image say it is. `containerType` null: nothing can be said, or two containers contend (`POLYGLOT`). */
export type Verdict =
  | (VerdictBase & {
      readonly imageType: ImageType;
      readonly containerType: ContainerType;
      readonly confidence: Exclude<Confidence, 'undetermined'>;
      /** Types that a declaration may choose instead for the same bytes: iso9660 for a bare UDF volume, ramdisk for a gzipped ext2. */
      readonly alsoReadAs: readonly ImageType[];
      /**
       * Envelopes that a declaration may choose instead: docker for an archive of files, which a root file system is.
       */
      readonly alsoWrappedAs?: readonly Envelope[];
    })
  | (VerdictBase & {
      readonly imageType: null;
      readonly containerType: ContainerType | null;
      readonly confidence: 'undetermined';
      /** `contested`: two readings of the bytes contend, and none was chosen. */
      readonly state: 'open' | 'contested';
      /** Why no type is named, for a person: `blank`, `encrypted`, `needs a parent file`, `needs random access`. */
      readonly why: string;
    });

/** What was learnt of an image's bytes for its decision. */
export type ContentEvidence =
  | { readonly kind: 'read'; readonly verdict: Verdict }
  /** The bytes could not be read; `why` is safe to print. */
  | { readonly kind: 'unread'; readonly why: string };
