import type { Inspection } from './inspection.ts';
import type { SafetyCode } from './safety.ts';
import type { ContainerType, Envelope, ImageType } from './vocabulary.ts';

/**
 * How sure a verdict is of the image type. `certain`: a checksum, or a magic of 8 bytes or more with a valid structure.
 * `likely`: a shorter magic with a valid structure. `weak`: a 16-bit magic, or a structure with faults. `undetermined`:
 * no type is known.
 */
export const CONFIDENCES = ['certain', 'likely', 'weak', 'undetermined'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * Disk words that declare a signature at a fixed place, sorted, with the text for a signature that is missing there.
 * `raw` declares none, and the signature of `vhd` may be at the end only.
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

/** Something that was seen in the bytes. */
export interface ByteEvidence {
  /** Byte offset in the file, unless `detail` says that it is a guest offset. */
  readonly offset: number;
  /** For a person: plain ASCII, bounded, without raw bytes, names or addresses from the image. */
  readonly detail: string;
}

/** The cost of reading: requests sent to the source, and bytes received. */
export interface ReadCost {
  readonly requests: number;
  readonly bytes: number;
}

interface VerdictBase {
  /** `assumed`: no magic was found, so the container is taken to be raw. */
  readonly containerBasis: 'proven' | 'assumed';
  readonly envelope: Envelope | null;
  /**
   * `cut`: a budget, or a source that can only be read forward, prevented a read that was needed. Raw bytes that were
   * cut may be a fixed VHD, whose only signature is in its last sector.
   */
  readonly reach: 'whole' | 'cut';
  /**
   * Formats that the bytes are not: the place of their signature was read, and the signature is missing. For the
   * innermost layer that was judged. Sorted, without repeats.
   */
  readonly refutes: readonly RefutableFormat[];
  /** What the inspection of OpenStack's services can see in these bytes. */
  readonly inspection: Inspection;
  readonly evidence: readonly ByteEvidence[];
  /** Sorted, without repeats. */
  readonly safety: readonly SafetyCode[];
  readonly cost: ReadCost;
}

/** What an image is by its bytes. `containerType` is null if unknown, or if two containers fit (`POLYGLOT`). */
export type Verdict =
  | (VerdictBase & {
      readonly imageType: ImageType;
      readonly containerType: ContainerType;
      readonly confidence: Exclude<Confidence, 'undetermined'>;
      /** Types that a declaration may choose for the same bytes: iso9660 for UDF, ramdisk for a gzipped ext2. */
      readonly alsoReadAs: readonly ImageType[];
      /** Envelopes that a declaration may choose for the same bytes: docker for an archive of files. */
      readonly alsoWrappedAs?: readonly Envelope[];
    })
  | (VerdictBase & {
      readonly imageType: null;
      readonly containerType: ContainerType | null;
      readonly confidence: 'undetermined';
      /** `contested`: two readings of the bytes exclude each other, and none was chosen. `open`: all other reasons. */
      readonly state: 'open' | 'contested';
      /** Why the type is unknown, for a person: `blank`, `encrypted`, `needs a parent file`, `needs random access`. */
      readonly why: string;
    });

/** What is known of an image's bytes for its decision. */
export type ContentEvidence =
  | { readonly kind: 'read'; readonly verdict: Verdict }
  /** The bytes could not be read. `why` is safe to print. */
  | { readonly kind: 'unread'; readonly why: string };
