import type { Typing } from '../../model/decision.ts';
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
export function* operatorFindings(content: SeenContent | null, typing: Typing): Generator<FindingCode> {
  if (content === null) return;
  if (content.kind === 'unread') {
    yield 'CONTENT_UNREAD';
    return;
  }
  const types = typesOf(content);
  const otherType = types.length > 0 && !types.includes(typing.imageType);
  if (otherType && !isFirm(content)) yield 'CONTENT_DOUBTFUL';
  const differs =
    (otherType && isFirm(content)) ||
    isRefuted(content, typing) ||
    !fitsContainer(content, typing) ||
    !fitsEnvelope(content, typing.envelope);
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
  const typings = typingsOf(outcome);
  const oneContainer = new Set(typings.map((typing) => typing.containerType)).size === 1;
  const ovf =
    typings.some((typing) => typing.envelope === 'ovf') ||
    (outcome.kind === 'unmappable' && outcome.envelope === 'ovf');
  return [
    ...(ovf ? [] : (['OVF_UNVERIFIED'] as const)),
    ...(oneContainer ? (['SNAPSHOT_CONTAINER_UNSURE'] as const) : []),
    ...(isFirm(content) || content.basis === 'proven' ? (['VMDK_MAYBE_FLAT'] as const) : []),
    ...(isFirm(content) ? (['ENVELOPE_CONTRADICTION'] as const) : []),
  ];
}

function typingsOf(outcome: Outcome): readonly Typing[] {
  if (outcome.kind === 'decided') return [outcome.typing];
  return outcome.kind === 'ambiguous' ? outcome.candidates : [];
}
