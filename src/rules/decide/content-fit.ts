import type { Classification } from '../../model/decision.ts';
import { SAFETY } from '../../model/safety.ts';
import type { RefutableFormat } from '../../model/verdict.ts';
import type { Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Facts } from '../table/attribute.ts';
import type { Outcome, TupleAnswer } from './combine.ts';
import { sameClassification } from '../table/resolve.ts';
import type { ReadContent, SeenContent } from './seen-content.ts';

/** The comparison of the bytes with the row: the attributes that only `content` rows may name. */
export type ContentFacts = Pick<
  Facts,
  | 'content_container'
  | 'content_tuple'
  | 'content_declared'
  | 'content_readings'
  | 'content_reference'
  | 'content_row'
  | 'content_safety'
>;

/** The values if there is no content to compare. Rows outside of `content` always see these. */
export const NOTHING_COMPARED: ContentFacts = {
  content_container: 'unsaid',
  content_tuple: 'fits',
  content_declared: 'unrefuted',
  content_readings: 'one',
  content_reference: 'fits',
  content_row: 'other',
  content_safety: 'clean',
};

interface Compared {
  readonly content: SeenContent;
  readonly facts: Facts;
  readonly tuple: TupleAnswer;
  /** What the row says. If the bytes name no firm type, in the container and envelope that they prove. */
  readonly row: Outcome;
  /** The answers of the bytes: several if nothing chooses among them, none if they name no type. */
  readonly readings: readonly Classification[];
}

export function contentFacts({ content, facts, tuple, row, readings }: Compared): ContentFacts {
  if (content.kind === 'unread') return NOTHING_COMPARED;
  const { containerType, basis } = content;
  const [found = null] = readings;
  const isRefuted = refutedBy(content, facts.disk) !== null;
  const fits = !isRefuted && fitsTuple({ content, found, tuple, word: facts.container });
  return {
    content_container: containerType === null ? 'unsaid' : containerType === 'luks' ? 'luks' : basis,
    content_tuple: fits ? 'fits' : 'differs',
    content_declared: isRefuted ? 'refuted' : 'unrefuted',
    content_readings: readings.length > 1 ? 'several' : 'one',
    content_reference: fitsReferences(content, facts.used_as, tuple) ? 'fits' : 'contradicts',
    content_row: found === null ? 'other' : rowRelation(content, row, found),
    content_safety: isUnsafe(content) ? 'unsafe' : 'clean',
  };
}

export function isUnsafe({ safety }: ReadContent): boolean {
  return safety.some((code) => SAFETY[code].severity === 'error');
}

/** The format that a disk word declares and that the bytes refute; null if they do not refute it. */
export function refutedBy(content: SeenContent | null, word: string): RefutableFormat | null {
  return content?.kind === 'read' ? (content.refutes.find((format) => format === word) ?? null) : null;
}

/** Whether the signature of this is missing. For an ISO image in a container, the container counts. */
export function isRefuted({ refutes }: ReadContent, { imageType, containerType }: Classification): boolean {
  return refutes.some((format) =>
    format === 'iso' ? imageType === 'iso9660' && containerType === 'raw' : format === containerType,
  );
}

/** The types that the bytes allow, the verdict's type first; empty if they name none. */
export function typesOf(content: ReadContent): readonly ImageType[] {
  return content.imageType === null ? [] : [...new Set([content.imageType, ...content.alsoReadAs])];
}

/** Whether the bytes name a type so firmly that it overrides a declaration. */
export function isFirm({ certainty }: ReadContent): boolean {
  return certainty === 'certain' || certainty === 'likely';
}

/** Container words that say nothing about an envelope. Glance never verified ovf, and clients wrote it by default. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['NULL', 'UNKNOWN', 'ovf']);

interface Fitting {
  readonly content: ReadContent;
  readonly found: Classification | null;
  readonly tuple: TupleAnswer;
  readonly word: string;
}

function fitsTuple({ content, found, tuple, word }: Fitting): boolean {
  const fitsDeclared = (declared: Envelope | null) =>
    SAYS_NOTHING.has(word) ||
    (found === null ? fitsEnvelope(content, declared) : sameEnvelope(found.envelope, declared));
  if (tuple.classifications.length === 0) return fitsDeclared(tuple.envelope);
  return tuple.classifications.some(
    (classification) =>
      (!isFirm(content) || found === null || fitsType(found.imageType, classification, tuple)) &&
      // An unmappable tuple names no container, even if it has a type.
      (tuple.outcome.status === 'unmappable' || fitsContainer(content, classification)) &&
      fitsDeclared(classification.envelope),
  );
}

function fitsType(type: ImageType, classification: Classification, tuple: TupleAnswer): boolean {
  return type === classification.imageType || tuple.outcome.admits.includes(type);
}

/** Bytes without a magic and without a firm type contradict a container only if they refute it. */
export function fitsContainer(content: ReadContent, classification: Classification): boolean {
  const { containerType, basis } = content;
  if (containerType === null || containerType === classification.containerType) return true;
  return basis === 'assumed' && !isFirm(content) && !isRefuted(content, classification);
}

export function fitsEnvelope(content: ReadContent, declared: Envelope | null): boolean {
  if (declared !== null && content.alsoWrappedAs.includes(declared)) return true;
  return (content.envelope === null && content.containerType === null) || sameEnvelope(content.envelope, declared);
}

/** `xenserver-tgz` is a `tgz`. */
function sameEnvelope(found: Envelope | null, declared: Envelope | null): boolean {
  return found === declared || (isTarball(found) && isTarball(declared));
}

/** Old ramdisks are compressed filesystems. For bytes declared as a ramdisk, compression is no envelope. */
export function isOldRamdisk(content: ReadContent, type: ImageType): boolean {
  return type === 'ramdisk' && content.envelope === 'compressed' && content.alsoReadAs.includes(type);
}

function isTarball(envelope: Envelope | null): boolean {
  return envelope === 'tgz' || envelope === 'xenserver-tgz';
}

function fitsReferences(content: ReadContent, usedAs: string, tuple: TupleAnswer): boolean {
  if (usedAs === 'nothing') return true;
  // `both` is no type. Bytes that are a kernel contradict the images that use them as a ramdisk, and vice versa.
  if (isFirm(content)) return typesOf(content).some((type) => type === usedAs);
  // Nothing boots a kernel or a ramdisk from a virtual disk. But if the tuple declares exactly that, the bytes agree.
  if (content.basis === 'assumed' || content.containerType === 'raw') return true;
  return tuple.classifications.some(
    ({ imageType, containerType }) => imageType === usedAs && containerType === content.containerType,
  );
}

function rowRelation(content: ReadContent, row: Outcome, found: Classification): ContentFacts['content_row'] {
  if (row.kind === 'decided') {
    const same = isFirm(content)
      ? sameClassification(row.classification, found)
      : row.classification.imageType === found.imageType;
    return same ? 'same' : 'other';
  }
  return chosenBy(row, found) === null ? 'other' : 'open';
}

/** The candidate that the bytes choose; null if there is none, or if the candidates contradict each other. */
export function chosenBy(row: Outcome, found: Classification): Classification | null {
  if (row.kind !== 'ambiguous' || row.because !== 'open') return null;
  const ofType = row.candidates.filter(
    (candidate) => candidate.imageType === found.imageType && candidate.containerType === found.containerType,
  );
  return (
    ofType.find((candidate) => sameClassification(candidate, found)) ??
    (ofType.length === 1 ? (ofType[0] ?? null) : null)
  );
}
