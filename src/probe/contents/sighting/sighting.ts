import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence, Confidence } from '../../../model/verdict.ts';
import type { ImageType } from '../../../model/vocabulary.ts';
import type { ContentWindow } from './content.ts';

/** One structure that a recogniser found in the window, and what the image is if there is no other. */
export interface Sighting {
  /** Usual name of the format. */
  readonly name: string;
  readonly meaning: ImageType | 'encrypted';
  readonly confidence: Exclude<Confidence, 'undetermined'>;
  readonly alsoReadAs: readonly ImageType[];
  readonly evidence: readonly ByteEvidence[];
  readonly safety: readonly SafetyCode[];
  /** Least size of the guest in bytes by the structure; null where it does not tell. */
  readonly claims: bigint | null;
  /** Partitions of a table, as far as they were read; empty for any other structure. */
  readonly partitions: readonly Partition[];
}

/** Guest bytes [start, end). */
export interface Partition {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Looks for one format, or for a few at the same place. Pure. Returns null where it finds nothing. It may throw
 * `Unreadable` where the window ends too early, which means the same.
 */
export type Recogniser = (window: ContentWindow) => Sighting | null;

/** Makes a sighting whose first evidence is `offset` and `details.detail`; `more` evidence follows. */
export function sighting(
  name: string,
  meaning: Sighting['meaning'],
  confidence: Sighting['confidence'],
  offset: number,
  details: Partial<Pick<Sighting, 'alsoReadAs' | 'safety' | 'claims' | 'partitions'>> & {
    readonly detail?: string;
    readonly more?: readonly ByteEvidence[];
  } = {},
): Sighting {
  const { detail, more = [], ...rest } = details;
  return {
    name,
    meaning,
    confidence,
    alsoReadAs: [],
    safety: [],
    claims: null,
    partitions: [],
    ...rest,
    evidence: [{ offset, detail: detail === undefined ? name : `${name}: ${detail}` }, ...more],
  };
}
