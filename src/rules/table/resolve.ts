import type { Classification } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import { BEXAR_MEANING, type Facts } from './attribute.ts';
import type { ContainerRef, EnvelopeRef, OperatorThen, TupleThen, TypeRef } from './rule-table.ts';
import type { Vocabulary } from './word.ts';

/** Replaces `$disk`, `$container` and `$bexar_type` by the meaning of an image's words; null if there is none. */

type WordFacts = Partial<Pick<Facts, 'disk' | 'container' | 'bexar_type'>>;

export function resolveType(ref: TypeRef, facts: WordFacts, vocabulary: Vocabulary): ImageType | null {
  if (ref === '$disk') return vocabulary.disk.words.get(facts.disk ?? '')?.type ?? null;
  if (ref === '$container') return vocabulary.container.words.get(facts.container ?? '')?.type ?? null;
  if (ref === '$bexar_type') return BEXAR_MEANING.get(facts.bexar_type ?? '') ?? null;
  return ref;
}

function resolveContainer(ref: ContainerRef, facts: WordFacts, vocabulary: Vocabulary): ContainerType | null {
  return ref === '$disk' ? (vocabulary.disk.words.get(facts.disk ?? '')?.container ?? null) : ref;
}

/** `$container` is null for words that name no envelope, including NULL and UNKNOWN. */
export function resolveEnvelope(ref: EnvelopeRef, facts: WordFacts, vocabulary: Vocabulary): Envelope | null {
  return ref === '$container' ? (vocabulary.container.words.get(facts.container ?? '')?.envelope ?? null) : ref;
}

/** The classifications of a `tuples` outcome, best first; null if a placeholder has no meaning for these words. */
export function tupleClassifications(
  then: TupleThen,
  facts: WordFacts,
  vocabulary: Vocabulary,
): readonly Classification[] | null {
  const envelope = resolveEnvelope(then.envelope, facts, vocabulary);
  const classifications: Classification[] = [];
  for (const [i, ref] of then.types.entries()) {
    const imageType = resolveType(ref, facts, vocabulary);
    const containerRef = then.containers[i] ?? then.containers[0] ?? then.openContainers[0];
    const containerType = containerRef === undefined ? null : resolveContainer(containerRef, facts, vocabulary);
    if (imageType === null || containerType === null) return null;
    classifications.push({ imageType, containerType, envelope });
  }
  return classifications;
}

export function operatorClassification(
  then: OperatorThen,
  facts: WordFacts,
  vocabulary: Vocabulary,
): Classification | null {
  const imageType = resolveType(then.type, facts, vocabulary);
  const containerType = resolveContainer(then.container, facts, vocabulary);
  if (imageType === null || containerType === null) return null;
  return { imageType, containerType, envelope: resolveEnvelope(then.envelope, facts, vocabulary) };
}

export function sameClassification(a: Classification, b: Classification): boolean {
  return a.imageType === b.imageType && a.containerType === b.containerType && a.envelope === b.envelope;
}

/** The same classifications in the same order, each once. */
export function distinctClassifications(classifications: readonly Classification[]): readonly Classification[] {
  return classifications.filter(
    (classification, i) => classifications.findIndex((other) => sameClassification(classification, other)) === i,
  );
}
