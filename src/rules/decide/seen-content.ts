import { type Inspection, inspectionKey } from '../../model/inspection.ts';
import type { SafetyCode } from '../../model/safety.ts';
import type { ByteEvidence, Confidence, ContentEvidence, RefutableFormat, Verdict } from '../../model/verdict.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';

/**
 * What a decision may depend on of an image's bytes. Costs are left out and evidence is shortened, so that images with
 * similar content share one decision.
 */
export type SeenContent = ReadContent | { readonly kind: 'unread'; readonly why: string };

export interface ReadContent {
  readonly kind: 'read';
  /** `contested`: two readings of the bytes exclude each other, and none was chosen. */
  readonly certainty: Confidence | 'contested';
  readonly imageType: ImageType | null;
  readonly alsoReadAs: readonly ImageType[];
  readonly alsoWrappedAs: readonly Envelope[];
  readonly containerType: ContainerType | null;
  readonly basis: Verdict['containerBasis'];
  readonly reach: Verdict['reach'];
  readonly refutes: readonly RefutableFormat[];
  readonly inspection: Inspection;
  readonly envelope: Envelope | null;
  readonly safety: readonly SafetyCode[];
  readonly lines: readonly string[];
  readonly why: string | null;
}

const LINES = 3;
const LINE_LENGTH = 80;
/** Larger offsets were found through tables or at the end of the file. They differ between images and are not shown. */
const NEAR = 1024 * 1024;

export function seeContent(content: ContentEvidence): SeenContent {
  if (content.kind === 'unread') return { kind: 'unread', why: shown(content.why) };
  const { verdict } = content;
  const typed = verdict.imageType !== null;
  const isContested = verdict.safety.includes('POLYGLOT') || (!typed && verdict.state === 'contested');
  return {
    kind: 'read',
    certainty: isContested ? 'contested' : verdict.confidence,
    imageType: verdict.imageType,
    alsoReadAs: typed ? verdict.alsoReadAs : [],
    alsoWrappedAs: typed ? (verdict.alsoWrappedAs ?? []) : [],
    containerType: verdict.containerType,
    basis: verdict.containerBasis,
    reach: verdict.reach,
    refutes: [...verdict.refutes],
    inspection: verdict.inspection,
    envelope: verdict.envelope,
    // A copy, because decisions are frozen and the caller's array must not be.
    safety: [...verdict.safety],
    lines: linesOf(verdict.evidence),
    why: typed ? null : shown(verdict.why),
  };
}

/**
 * The content with a declared fixed VHD assumed: raw bytes whose end was not seen may be a fixed VHD. If they are
 * declared as one, they are assumed to be one, and prove nothing.
 */
export function assumeDeclared(content: SeenContent, declared: ContainerType | null): SeenContent {
  if (content.kind === 'unread' || content.reach === 'whole' || content.basis === 'proven') return content;
  if (content.containerType !== 'raw' || declared !== 'vhd') return content;
  return {
    ...content,
    containerType: declared,
    certainty: content.certainty === 'certain' ? 'likely' : content.certainty,
  };
}

/** One text for each different content. */
export function contentKey(seen: SeenContent): string {
  if (seen.kind === 'unread') return JSON.stringify(seen);
  const { inspection, ...rest } = seen;
  return JSON.stringify([rest, inspectionKey(inspection)]);
}

/** The first line is about the container, the last ones about the content. `probe` shows those between them. */
function linesOf(evidence: readonly ByteEvidence[]): readonly string[] {
  const kept = evidence.length <= LINES ? evidence : [...evidence.slice(0, 1), ...evidence.slice(1 - LINES)];
  return kept.map(({ offset, detail }) => {
    const [, space, rest] = /^(guest|decompressed): (.*)$/s.exec(detail) ?? [null, 'byte', detail];
    return shown(`${space} ${offset <= NEAR ? String(offset) : 'beyond 1 MiB'}: ${rest}`);
  });
}

/** The prober's own words. They are bounded here as well, because evidence is stored. */
function shown(text: string): string {
  return text.slice(0, LINE_LENGTH).replaceAll(/[^ -~]/g, '?');
}
