import type { SafetyCode } from '../../model/safety.ts';
import type { ByteEvidence, Confidence, ContentEvidence, RefutableFormat, Verdict } from '../../model/verdict.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';

/**
 * What a decision may depend on of an image's bytes. Costs are left out and evidence is cut short, so that images that look alike
 * inside still share their decision.
 */
export type SeenContent = ReadContent | { readonly kind: 'unread'; readonly why: string };

export interface ReadContent {
  readonly kind: 'read';
  /** `contested`: two readings of the bytes contend, and none was chosen. */
  readonly certainty: Confidence | 'contested';
  readonly imageType: ImageType | null;
  readonly alsoReadAs: readonly ImageType[];
  readonly alsoWrappedAs: readonly Envelope[];
  readonly containerType: ContainerType | null;
  readonly basis: Verdict['containerBasis'];
  readonly reach: Verdict['reach'];
  readonly refutes: readonly RefutableFormat[];
  readonly envelope: Envelope | null;
  readonly safety: readonly SafetyCode[];
  /** What was seen, for a person. */
  readonly lines: readonly string[];
  /** Why no type is named; null where one is. */
  readonly why: string | null;
}

const LINES = 3;
const LINE_LENGTH = 80;
/** Offsets beyond are places found by following tables or the end of the file: they differ from image to image and tell nothing. */
const NEAR = 1024 * 1024;

export function seeContent(content: ContentEvidence): SeenContent {
  if (content.kind === 'unread') return { kind: 'unread', why: shown(content.why) };
  const { verdict } = content;
  const typed = verdict.imageType !== null;
  const contends = verdict.safety.includes('POLYGLOT') || (!typed && verdict.state === 'contested');
  return {
    kind: 'read',
    certainty: contends ? 'contested' : verdict.confidence,
    imageType: verdict.imageType,
    alsoReadAs: typed ? verdict.alsoReadAs : [],
    alsoWrappedAs: typed ? (verdict.alsoWrappedAs ?? []) : [],
    containerType: verdict.containerType,
    basis: verdict.containerBasis,
    reach: verdict.reach,
    refutes: [...verdict.refutes],
    envelope: verdict.envelope,
    // A copy: decisions are frozen, and what a caller handed in must not be.
    safety: [...verdict.safety],
    lines: linesOf(verdict.evidence),
    why: typed ? null : shown(verdict.why),
  };
}

/**
 * The content as it stands beside a declared container: raw bytes whose end was not seen may be the fixed VHD that they are declared
 * as, so they are taken for one and never for a proof against it, nor for it.
 */
export function besideDeclared(content: SeenContent, declared: ContainerType | null): SeenContent {
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
  return JSON.stringify(seen);
}

/** The container first, the content last; what stands between them is for who probes the file itself. */
function linesOf(evidence: readonly ByteEvidence[]): readonly string[] {
  const kept = evidence.length <= LINES ? evidence : [...evidence.slice(0, 1), ...evidence.slice(1 - LINES)];
  return kept.map(({ offset, detail }) => {
    const [, space, rest] = /^(guest|decompressed): (.*)$/s.exec(detail) ?? [null, 'byte', detail];
    return shown(`${space} ${offset <= NEAR ? String(offset) : 'beyond 1 MiB'}: ${rest}`);
  });
}

/** The prober's own words; bounded here as well, because evidence is stored. */
function shown(text: string): string {
  return text.slice(0, LINE_LENGTH).replaceAll(/[^ -~]/g, '?');
}
