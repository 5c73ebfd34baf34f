import type { Classification } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { TupleAnswer, Vote } from './combine.ts';
import { distinctClassifications } from '../table/resolve.ts';
import type { ReadContent } from './seen-content.ts';

/** Types inside a container other than raw. No boot loader reads a kernel or a ramdisk from one. */
const INSIDE_CONTAINERS: readonly ImageType[] = ['disk', 'filesystem', 'iso9660', 'other'];

/**
 * The tuple's answer in the container and envelope that the bytes prove. The words still decide the type. Without a
 * magic nothing is overridden, but if a type is a candidate both in raw and in another container, only the raw one
 * remains.
 */
export function correctedTuple(tuple: TupleAnswer, content: ReadContent): TupleAnswer {
  const enveloped = withEnvelope(tuple, content);
  const { containerType, basis } = content;
  if (containerType === null) return enveloped;
  if (enveloped.classifications.length === 0) return untypedIn(enveloped, containerType, basis);
  if (tuple.outcome.status === 'unmappable') {
    const classifications =
      basis === 'proven'
        ? enveloped.classifications.map((classification) => ({ ...classification, containerType }))
        : enveloped.classifications;
    return { ...enveloped, classifications };
  }
  const classifications =
    basis === 'proven'
      ? inContainer(enveloped.classifications, containerType)
      : withoutMagic(enveloped.classifications);
  return withClassifications(enveloped, classifications);
}

/** The votes if the bytes prove the container: then the container of a property does not count. */
export function correctedVotes(votes: readonly Vote[], { containerType, basis }: ReadContent): readonly Vote[] {
  if (basis !== 'proven' || containerType === null) return votes;
  return votes.map((vote) => ({ ...vote, container: null, containerIfUnsaid: containerType }));
}

/** The envelope by the bytes. The declared word is used if it is a narrower word for the same bytes. */
export function foundEnvelope(content: ReadContent, declared: Envelope | null): Envelope | null {
  if (declared !== null && content.alsoWrappedAs.includes(declared)) return declared;
  return content.envelope === 'tgz' && declared === 'xenserver-tgz' ? declared : content.envelope;
}

/** The envelope of the bytes. Bytes without a magic do not disprove a declared envelope. */
export function knownEnvelope(content: ReadContent, declared: Envelope | null): Envelope | null {
  return content.envelope === null && content.basis === 'assumed' ? declared : foundEnvelope(content, declared);
}

function withEnvelope(tuple: TupleAnswer, content: ReadContent): TupleAnswer {
  const envelope = knownEnvelope(content, tuple.envelope);
  if (content.envelope === null && content.basis === 'assumed') return tuple;
  return {
    ...tuple,
    envelope,
    classifications: distinctClassifications(
      tuple.classifications.map((classification) => ({ ...classification, envelope })),
    ),
  };
}

function untypedIn(tuple: TupleAnswer, containerType: ContainerType, basis: ReadContent['basis']): TupleAnswer {
  if (basis === 'proven' && containerType !== 'raw') {
    const { envelope } = tuple;
    return withClassifications(
      tuple,
      INSIDE_CONTAINERS.map((imageType) => ({ imageType, containerType, envelope })),
    );
  }
  const { openContainers } = tuple.outcome;
  return openContainers.includes('raw') ? { ...tuple, outcome: { ...tuple.outcome, openContainers: ['raw'] } } : tuple;
}

function inContainer(
  classifications: readonly Classification[],
  containerType: ContainerType,
): readonly Classification[] {
  const offered = classifications.filter((own) => own.containerType === containerType);
  if (offered.length > 0) return offered;
  const moved = distinctClassifications(
    classifications.map((classification) => ({ ...classification, containerType })),
  );
  if (containerType === 'raw') return moved;
  const possible = moved.filter((classification) => INSIDE_CONTAINERS.includes(classification.imageType));
  if (possible.length > 0) return possible;
  // A kernel or ramdisk by the words, a virtual disk by the bytes.
  return [...moved, ...moved.slice(0, 1).map((classification) => ({ ...classification, imageType: 'disk' as const }))];
}

function withoutMagic(classifications: readonly Classification[]): readonly Classification[] {
  const inRaw = new Set(
    classifications.filter(({ containerType }) => containerType === 'raw').map(({ imageType }) => imageType),
  );
  return classifications.filter(({ containerType, imageType }) => containerType === 'raw' || !inRaw.has(imageType));
}

function withClassifications(tuple: TupleAnswer, classifications: readonly Classification[]): TupleAnswer {
  if (classifications === tuple.classifications) return tuple;
  const { status } = tuple.outcome;
  const one = status === 'exact' ? 'exact' : 'inferred';
  return {
    ...tuple,
    classifications,
    outcome: { ...tuple.outcome, status: classifications.length === 1 ? one : 'ambiguous' },
  };
}
