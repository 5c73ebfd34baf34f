import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence, Confidence } from '../../../model/verdict.ts';
import type { ImageType } from '../../../model/vocabulary.ts';
import type { ContentWindow } from './content.ts';

/** One structure that was found in the window, with what it would make of the image if it stood alone. */
export interface Sighting {
  /** The usual name of the format, for evidence and for telling two sightings apart. */
  readonly name: string;
  readonly meaning: ImageType | 'encrypted';
  readonly confidence: Exclude<Confidence, 'undetermined'>;
  readonly alsoReadAs: readonly ImageType[];
  readonly evidence: readonly ByteEvidence[];
  readonly safety: readonly SafetyCode[];
  /** Bytes that the structure says the guest has at the least; null where it does not say. */
  readonly claims: bigint | null;
  /** Partitions of a table, as far as they were read; empty for anything else. */
  readonly partitions: readonly Partition[];
}

/** Guest bytes [start, end). */
export interface Partition {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Looks for one format, or for a few that share their place. Pure; null where nothing is found. May throw `Unreadable` where the
 * window ends too early, which means the same.
 */
export type Recogniser = (window: ContentWindow) => Sighting | null;

/** A sighting with the given offset and detail as its first evidence. `details` overrides what is usual. */
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
