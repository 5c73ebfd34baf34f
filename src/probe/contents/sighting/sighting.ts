import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence, Confidence } from '../../../model/verdict.ts';
import type { ImageType } from '../../../model/vocabulary.ts';
import type { Fields } from '../../reading/fields.ts';

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

/** Reads fields of a structure in the byte order of the machine that wrote it. */
export interface OrderedFields {
  readonly u16: (offset: number) => number;
  readonly u32: (offset: number) => number;
  readonly u64: (offset: number) => bigint;
}

export function littleEndian(bytes: Fields): OrderedFields {
  return {
    u16: (offset) => bytes.u16le(offset),
    u32: (offset) => bytes.u32le(offset),
    u64: (offset) => bytes.u64le(offset),
  };
}

export function bigEndian(bytes: Fields): OrderedFields {
  return {
    u16: (offset) => bytes.u16be(offset),
    u32: (offset) => bytes.u32be(offset),
    u64: (offset) => bytes.u64be(offset),
  };
}

export function bothOrders(bytes: Fields): readonly [OrderedFields, OrderedFields] {
  return [littleEndian(bytes), bigEndian(bytes)];
}
