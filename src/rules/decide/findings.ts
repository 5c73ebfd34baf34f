import type { Classification } from '../../model/decision.ts';
import type { FindingCode } from '../../model/finding.ts';
import type { ReferenceTarget } from '../../model/image.ts';
import { SAFETY } from '../../model/safety.ts';
import { classificationsOf, type Outcome } from './combine.ts';
import type { AppliedContent } from './apply-content.ts';
import { fitsContainer, fitsEnvelope, isFirm, isRefuted, isUnsafe, typesOf } from './content-fit.ts';
import { isDeclaredOtherwise } from './facts.ts';
import { ENCRYPTION_PROPERTIES } from './property-token.ts';
import type { RuleTable } from '../table/rule-table.ts';
import type { SeenContent } from './seen-content.ts';
import type { WeighedSteps } from './steps.ts';

const AMAZON: ReadonlySet<string> = new Set(['aki', 'ari', 'ami']);

interface Seen extends WeighedSteps {
  readonly table: RuleTable;
}

/** All findings of a decision, sorted, without repeats: those of the rows that fired, and those from facts. */
export function findingsOf(steps: WeighedSteps, table: RuleTable): readonly FindingCode[] {
  const { input, seen, outcome, applied } = steps;
  const all = { ...steps, table };
  const codes = new Set<FindingCode>([
    ...input.tuple.row.findings,
    ...input.votes.flatMap((vote) => vote.row.findings),
    ...outcome.row.findings,
    ...wordFindings(all),
    ...kernelFindings(all),
    ...outcomeFindings(all),
    ...payloadFindings(all),
    ...safetyFindings(seen.content),
    ...(applied === null ? [] : contentFindings(applied)),
  ]);
  for (const code of answeredFindings(seen.content, outcome)) codes.delete(code);
  return [...codes].toSorted();
}

function* wordFindings({ read: { disk, container, facts }, input: { tuple } }: Seen): Generator<FindingCode> {
  if (disk.folded || container.folded) yield 'TUPLE_NOT_NORMALISED';
  if (facts.disk === 'UNKNOWN' || facts.container === 'UNKNOWN') yield 'WORD_UNKNOWN';
  if (tuple.envelope === 'ovf') yield 'OVF_UNVERIFIED';
  const mixed = facts.disk !== facts.container && facts.disk !== 'NULL' && facts.container !== 'NULL';
  if (mixed && (AMAZON.has(facts.disk) || AMAZON.has(facts.container))) yield 'AMAZON_MISMATCH';
}

function* kernelFindings({ seen, read: { facts }, table }: Seen): Generator<FindingCode> {
  const targets: readonly (readonly [string, ReferenceTarget])[] = [
    ['kernel_id', seen.kernel],
    ['ramdisk_id', seen.ramdisk],
  ];
  for (const [name, target] of targets) {
    if (target.kind === 'absent' && seen.tokens.has(name)) yield 'KERNEL_REF_JUNK';
    if (target.kind === 'missing' || target.kind === 'deleted') yield 'KERNEL_MISSING';
    if (target.kind === 'deleted') yield 'KERNEL_DANGLING';
    if (isDeclaredOtherwise(target, table)) yield 'KERNEL_REF_WRONG_TYPE';
  }
  if (facts.disk === 'iso' && facts.own_kernel !== 'absent') yield 'ISO_WITH_KERNEL';
}

function* outcomeFindings({ outcome, seen, input: { tuple, votes } }: Seen): Generator<FindingCode> {
  if (outcome.kind === 'ambiguous' && outcome.because === 'contradiction') yield 'ROLE_CONFLICT';
  const container =
    outcome.kind === 'decided'
      ? outcome.classification.containerType
      : (tuple.classifications[0]?.containerType ?? 'raw');
  const types = outcome.kind === 'decided' ? [outcome.classification.imageType] : votes.flatMap((vote) => vote.types);
  if (container !== 'raw' && (types.includes('kernel') || types.includes('ramdisk'))) yield 'KERNEL_IN_NONRAW';
  if (outcome.kind === 'decided' && outcome.classification.imageType === 'filesystem' && seen.kernel.kind !== 'live') {
    yield 'FS_NO_KERNEL';
  }
}

function* payloadFindings({ seen, read: { facts } }: Seen): Generator<FindingCode> {
  if (facts.disk === 'vmdk' && seen.tokens.has('vmware_disktype')) yield 'VMDK_MAYBE_FLAT';
  if (ENCRYPTION_PROPERTIES.some((name) => seen.tokens.has(name))) yield 'PAYLOAD_ENCRYPTED';
  const manifest = seen.tokens.get('image_location') === 'manifest';
  if (manifest || seen.tokens.has('image_state') || seen.tokens.has('mappings')) yield 'BUNDLE_REGISTRATION';
  if (seen.status === 'active' && seen.size === 'empty') yield 'ZERO_SIZE';
}

/** Findings that follow from the bytes alone, also where a row of the operator decides. */
export function* safetyFindings(content: SeenContent | null): Generator<FindingCode> {
  if (content?.kind !== 'read') return;
  if (isUnsafe(content)) yield 'UNSAFE_CONTENT';
  if (content.safety.some((code) => SAFETY[code].severity === 'warning')) yield 'CONTENT_CAUTION';
  if (content.imageType === null) yield 'CONTENT_UNDETERMINED';
}

function* contentFindings({ row, facts }: AppliedContent): Generator<FindingCode> {
  yield* row.findings;
  if (facts.content_tuple === 'differs') yield 'CONTENT_MISMATCH';
}

/** What the bytes say against the answer of an operator's row. That answer remains. */
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

/** Findings that say what the row leaves unknown, where the bytes answer it. */
function answeredFindings(content: SeenContent | null, outcome: Outcome): readonly FindingCode[] {
  if (content?.kind !== 'read') return [];
  const classifications = classificationsOf(outcome);
  const oneContainer = new Set(classifications.map(({ containerType }) => containerType)).size === 1;
  const ovf =
    classifications.some(({ envelope }) => envelope === 'ovf') ||
    (outcome.kind === 'unmappable' && outcome.envelope === 'ovf');
  return [
    ...(ovf ? [] : (['OVF_UNVERIFIED'] as const)),
    ...(oneContainer ? (['SNAPSHOT_CONTAINER_UNSURE'] as const) : []),
    ...(isFirm(content) || content.basis === 'proven' ? (['VMDK_MAYBE_FLAT'] as const) : []),
    ...(isFirm(content) ? (['ENVELOPE_CONTRADICTION'] as const) : []),
  ];
}
