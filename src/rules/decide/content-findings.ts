import type { Classification } from '../../model/decision.ts';
import type { FindingCode } from '../../model/finding.ts';
import { SAFETY } from '../../model/safety.ts';
import type { Outcome } from './combine.ts';
import { fitsContainer, fitsEnvelope, isFirm, isRefuted, isUnsafe, typesOf } from './content-fit.ts';
import type { SeenContent } from './seen-content.ts';
import type { Settled } from './settle.ts';

/** What the bytes alone call for, whoever decides. */
export function* safetyFindings(content: SeenContent | null): Generator<FindingCode> {
  if (content?.kind !== 'read') return;
  if (isUnsafe(content)) yield 'UNSAFE_CONTENT';
  if (content.safety.some((code) => SAFETY[code].severity === 'warning')) yield 'CONTENT_CAUTION';
  if (content.imageType === null) yield 'CONTENT_UNDETERMINED';
}

export function* settledFindings({ row, facts }: Settled): Generator<FindingCode> {
  yield* row.findings;
  if (facts.content_tuple === 'differs') yield 'CONTENT_MISMATCH';
}

/** What the bytes say against an operator's answer, which stands all the same. */
export function* operatorFindings(content: SeenContent | null, classification: Classification): Generator<FindingCode> {
  if (content === null) return;
  if (content.kind === 'unread') {
    yield 'CONTENT_UNREAD';
    return;
  }
  const types = typesOf(content);
  const otherType = types.length > 0 && !types.includes(classification.imageType);
  if (otherType && !isFirm(content)) yield 'CONTENT_DOUBTFUL';
  const differs =
    (otherType && isFirm(content)) ||
    isRefuted(content, classification) ||
    !fitsContainer(content, classification) ||
    !fitsEnvelope(content, classification.envelope);
  if (differs) yield 'CONTENT_MISMATCH';
}

/** Findings that say what the row cannot tell, where the bytes have told it. */
export function answeredFindings({
  content,
  outcome,
}: {
  content: SeenContent | null;
  outcome: Outcome;
}): readonly FindingCode[] {
  if (content?.kind !== 'read') return [];
  const classifications = classificationsOf(outcome);
  const oneContainer = new Set(classifications.map((classification) => classification.containerType)).size === 1;
  const ovf =
    classifications.some((classification) => classification.envelope === 'ovf') ||
    (outcome.kind === 'unmappable' && outcome.envelope === 'ovf');
  return [
    ...(ovf ? [] : (['OVF_UNVERIFIED'] as const)),
    ...(oneContainer ? (['SNAPSHOT_CONTAINER_UNSURE'] as const) : []),
    ...(isFirm(content) || content.basis === 'proven' ? (['VMDK_MAYBE_FLAT'] as const) : []),
    ...(isFirm(content) ? (['ENVELOPE_CONTRADICTION'] as const) : []),
  ];
}

function classificationsOf(outcome: Outcome): readonly Classification[] {
  if (outcome.kind === 'decided') return [outcome.classification];
  return outcome.kind === 'ambiguous' ? outcome.candidates : [];
}
