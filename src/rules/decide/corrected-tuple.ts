import type { Typing } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { TupleAnswer, Vote } from './combine.ts';
import { distinctTypings } from '../table/resolve.ts';
import type { ReadContent } from './seen-content.ts';

/** What a container other than raw may hold: no boot loader reads a kernel or a ramdisk out of one. */
const INSIDE_CONTAINERS: readonly ImageType[] = ['disk', 'filesystem', 'iso9660', 'other'];

/**
 * The tuple's answer in the container and envelope that the bytes prove: the type is left to the words. Where no magic was seen,
 * nothing is overridden, but of one type in raw and in another container the raw one remains.
 */
export function correctedTuple(tuple: TupleAnswer, content: ReadContent): TupleAnswer {
  const enveloped = withEnvelope(tuple, content);
  const { containerType, basis } = content;
  if (containerType === null) return enveloped;
  if (enveloped.typings.length === 0) return untypedIn(enveloped, containerType, basis);
  if (tuple.outcome.status === 'unmappable') {
    const typings =
      basis === 'proven' ? enveloped.typings.map((typing) => ({ ...typing, containerType })) : enveloped.typings;
    return { ...enveloped, typings };
  }
  const typings = basis === 'proven' ? inContainer(enveloped.typings, containerType) : withoutMagic(enveloped.typings);
  return withTypings(enveloped, typings);
}

/** The votes where the bytes prove the container: it is theirs to say, so what a property says of it does not count. */
export function correctedVotes(votes: readonly Vote[], { containerType, basis }: ReadContent): readonly Vote[] {
  if (basis !== 'proven' || containerType === null) return votes;
  return votes.map((vote) => ({ ...vote, container: null, containerIfUnsaid: containerType }));
}

/** The envelope by the bytes, in the declared word where that is the narrower one for the same bytes. */
export function foundEnvelope(content: ReadContent, declared: Envelope | null): Envelope | null {
  if (declared !== null && content.alsoWrappedAs.includes(declared)) return declared;
  return content.envelope === 'tgz' && declared === 'xenserver-tgz' ? declared : content.envelope;
}

/**
 * The envelope that the bytes prove, or else the declared one: bytes without any magic do not prove that nothing wraps
 * them.
 */
export function envelopeBeside(content: ReadContent, declared: Envelope | null): Envelope | null {
  return content.envelope === null && content.basis === 'assumed' ? declared : foundEnvelope(content, declared);
}

function withEnvelope(tuple: TupleAnswer, content: ReadContent): TupleAnswer {
  const envelope = envelopeBeside(content, tuple.envelope);
  if (content.envelope === null && content.basis === 'assumed') return tuple;
  return { ...tuple, envelope, typings: distinctTypings(tuple.typings.map((typing) => ({ ...typing, envelope }))) };
}

function untypedIn(tuple: TupleAnswer, containerType: ContainerType, basis: ReadContent['basis']): TupleAnswer {
  if (basis === 'proven' && containerType !== 'raw') {
    const { envelope } = tuple;
    return withTypings(
      tuple,
      INSIDE_CONTAINERS.map((imageType) => ({ imageType, containerType, envelope })),
    );
  }
  const { openContainers } = tuple.outcome;
  return openContainers.includes('raw') ? { ...tuple, outcome: { ...tuple.outcome, openContainers: ['raw'] } } : tuple;
}

function inContainer(typings: readonly Typing[], containerType: ContainerType): readonly Typing[] {
  const offered = typings.filter((typing) => typing.containerType === containerType);
  if (offered.length > 0) return offered;
  const moved = distinctTypings(typings.map((typing) => ({ ...typing, containerType })));
  if (containerType === 'raw') return moved;
  const possible = moved.filter((typing) => INSIDE_CONTAINERS.includes(typing.imageType));
  if (possible.length > 0) return possible;
  // A boot role by the words, a virtual disk by the bytes.
  return [...moved, ...moved.slice(0, 1).map((typing) => ({ ...typing, imageType: 'disk' as const }))];
}

function withoutMagic(typings: readonly Typing[]): readonly Typing[] {
  const inRaw = new Set(typings.filter((typing) => typing.containerType === 'raw').map((typing) => typing.imageType));
  return typings.filter((typing) => typing.containerType === 'raw' || !inRaw.has(typing.imageType));
}

function withTypings(tuple: TupleAnswer, typings: readonly Typing[]): TupleAnswer {
  if (typings === tuple.typings) return tuple;
  const { status } = tuple.outcome;
  const one = status === 'exact' ? 'exact' : 'inferred';
  return { ...tuple, typings, outcome: { ...tuple.outcome, status: typings.length === 1 ? one : 'ambiguous' } };
}
