import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence, Confidence } from '../../../model/verdict.ts';
import type { ImageType } from '../../../model/vocabulary.ts';
import type { Fields } from '../../reading/fields.ts';

/** The first guest bytes of an image and what is known about the rest. */
export interface ContentWindow {
  /** Guest bytes from 0: `WINDOW_LENGTH` of them, or all of a smaller guest, or fewer where reading stopped early. */
  readonly bytes: Fields;
  /** Bytes of the whole guest; null where unknown (a stream, a compressed image). */
  readonly guestSize: number | null;
  readonly sectorSize: number;
}

/**
 * What the guest bytes are. `compressed` and `archive` are left to the envelopes; `blank` is all zeros. Offsets in evidence are guest
 * offsets.
 */
export type Content =
  | {
      readonly kind: 'typed';
      readonly imageType: ImageType;
      readonly confidence: Exclude<Confidence, 'undetermined'>;
      /** Types that a declaration may choose instead for the same bytes: iso9660 for a bare UDF volume. */
      readonly alsoReadAs: readonly ImageType[];
      readonly evidence: readonly ByteEvidence[];
      readonly safety: readonly SafetyCode[];
    }
  /** Two readings contend (MBR and ext4, ISO and ext4): no type is chosen. */
  | {
      readonly kind: 'contested';
      readonly evidence: readonly ByteEvidence[];
      readonly safety: readonly SafetyCode[];
    }
  | { readonly kind: 'encrypted'; readonly evidence: readonly ByteEvidence[]; readonly safety: readonly SafetyCode[] }
  | { readonly kind: 'blank' }
  | { readonly kind: 'unknown' };
