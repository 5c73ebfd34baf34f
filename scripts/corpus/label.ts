import type { SafetyCode } from '../../src/model/safety.ts';
import type { Confidence } from '../../src/model/verdict.ts';
import type { ContainerType, Envelope, ImageType } from '../../src/model/vocabulary.ts';

/** What whoever made a sample knows of it. Null types: no type must be named. */
export interface Label {
  readonly imageType: ImageType | null;
  readonly containerType: ContainerType | null;
  readonly envelope: Envelope | null;
  readonly mustHaveSafety: readonly SafetyCode[];
  /** Further codes that are no false alarm; a code in neither list is one. */
  readonly mayHaveSafety: readonly SafetyCode[];
  /** Confidences that are neither too bold nor too shy. */
  readonly confidences: readonly Confidence[];
  /** Types that a declaration may choose instead. */
  readonly alsoReadAs: readonly ImageType[];
  /** Why naming no type is no failure although there is one; null where it is. */
  readonly mayBeUndetermined: string | null;
  /** Containers and envelopes that may be given where no type is named. */
  readonly undeterminedAs: readonly Surroundings[];
}

type Surroundings = Pick<Label, 'containerType' | 'envelope'>;
type Extra = Partial<Omit<Label, 'imageType'>>;

const NAMED: readonly Confidence[] = ['certain', 'likely', 'weak'];

/** A sample of a known type; raw and without an envelope unless `extra` says so. */
export function typed(imageType: ImageType, extra: Extra = {}): Label {
  const surroundings = {
    containerType: extra.containerType === undefined ? 'raw' : extra.containerType,
    envelope: extra.envelope ?? null,
  } as const;
  return {
    imageType,
    ...surroundings,
    mustHaveSafety: [],
    mayHaveSafety: [],
    confidences: NAMED,
    alsoReadAs: [],
    mayBeUndetermined: null,
    undeterminedAs: [surroundings],
    ...extra,
  };
}

/** A sample of which no type must be named. */
export function untyped(extra: Extra = {}): Label {
  return { ...typed('other', extra), imageType: null, confidences: ['undetermined'] };
}

export const SURE: readonly Confidence[] = ['certain'];
export const SURE_OR_LIKELY: readonly Confidence[] = ['certain', 'likely'];
/** Where something about the file is stale or damaged. */
export const NOT_SURE: readonly Confidence[] = ['likely', 'weak'];
