import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence, Confidence } from '../../../model/verdict.ts';
import type { ImageType } from '../../../model/vocabulary.ts';
import type { Fields } from '../../reading/fields.ts';

/** The first guest bytes of an image, and the known size of the guest. */
export interface ContentWindow {
  /** Guest bytes from 0: `WINDOW_LENGTH`, or fewer where the guest is smaller or reading stopped early. */
  readonly bytes: Fields;
  /** Size of the guest in bytes; null where unknown (a stream, a compressed image). */
  readonly guestSize: number | null;
  readonly sectorSize: number;
}

/**
 * What the guest bytes are. `blank` is all zeros. Compressed data and archives are `unknown`: envelopes recognise them.
 * Offsets in evidence are guest offsets.
 */
export type Content =
  | {
      readonly kind: 'typed';
      readonly imageType: ImageType;
      readonly confidence: Exclude<Confidence, 'undetermined'>;
      /** Other types that an operator may declare for the same bytes: iso9660 for a UDF volume without ISO 9660. */
      readonly alsoReadAs: readonly ImageType[];
      readonly evidence: readonly ByteEvidence[];
      readonly safety: readonly SafetyCode[];
    }
  /** Two formats contradict each other (MBR and ext4, ISO and ext4): no type is chosen. */
  | {
      readonly kind: 'contested';
      readonly evidence: readonly ByteEvidence[];
      readonly safety: readonly SafetyCode[];
    }
  | { readonly kind: 'encrypted'; readonly evidence: readonly ByteEvidence[]; readonly safety: readonly SafetyCode[] }
  | { readonly kind: 'blank' }
  | { readonly kind: 'unknown' };
