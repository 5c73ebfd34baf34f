import type { FindingCode } from '../../model/finding.ts';
import type { ReferenceTarget } from '../../model/image.ts';
import type { Outcome, TupleAnswer, Vote } from './combine.ts';
import { answeredFindings, safetyFindings, settledFindings } from './content-findings.ts';
import { isDeclaredOtherwise, type ReadFacts } from './facts.ts';
import type { Observation } from './observation.ts';
import { ENCRYPTION_PROPERTIES } from './property-token.ts';
import type { RuleTable } from '../table/rule-table.ts';
import type { Settled } from './settle.ts';

const AMAZON: ReadonlySet<string> = new Set(['aki', 'ari', 'ami']);

interface Seen {
  readonly seen: Observation;
  readonly read: ReadFacts;
  readonly table: RuleTable;
  readonly tuple: TupleAnswer;
  readonly votes: readonly Vote[];
  readonly outcome: Outcome;
  /** null where the bytes were not asked. */
  readonly settled: Settled | null;
}

/** All findings of a decision, sorted, without repeats: those of the rows that took part, and those that follow from facts. */
export function findingsOf(input: Seen): readonly FindingCode[] {
  const codes = new Set<FindingCode>([
    ...input.tuple.row.findings,
    ...input.votes.flatMap((vote) => vote.row.findings),
    ...input.outcome.row.findings,
    ...wordFindings(input),
    ...kernelFindings(input),
    ...outcomeFindings(input),
    ...payloadFindings(input),
    ...safetyFindings(input.seen.content),
    ...(input.settled === null ? [] : settledFindings(input.settled)),
  ]);
  for (const code of answeredFindings({ content: input.seen.content, outcome: input.outcome })) codes.delete(code);
  return [...codes].toSorted();
}

function* wordFindings({ read: { disk, container, facts }, tuple }: Seen): Generator<FindingCode> {
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

function* outcomeFindings({ outcome, seen, tuple, votes }: Seen): Generator<FindingCode> {
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
