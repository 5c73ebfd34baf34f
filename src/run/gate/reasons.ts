import type { FindingCode, Severity } from '../../model/finding.ts';
import type { GateCode, GateDetail, GateReason } from '../../model/gate.ts';
import type { Question } from '../../model/question.ts';
import { DIFFERENCE_KINDS, type DifferenceKind, isOfRecords, KINDS } from '../verify/differences.ts';
import type { GateFacts } from './gate.ts';
import { INTERRUPTED } from '../preflight.ts';
import { describeRun } from '../context/run-inputs.ts';

/** Details of a reason that are shown; one more detail counts the rest. */
const SHOWN = 5;

/** What the decisions of one pass over all rows came to. */
export interface GateDecisions {
  /** Undecided images that count against the cutover. */
  readonly undecided: number;
  /** Biggest first; together they may be fewer than `undecided`. */
  readonly questions: readonly Pick<
    Question,
    'id' | 'diskFormat' | 'containerFormat' | 'reason' | 'count' | 'samples'
  >[];
  /** Findings of the severities that count, worst first. */
  readonly findings: readonly {
    readonly code: FindingCode;
    readonly severity: Severity;
    readonly title: string;
    readonly count: number;
    readonly sampleIds: readonly string[];
  }[];
}

/** Collects every reason in the database not to go on, in the order of the registry. */
export function databaseReasons(facts: GateFacts, decisions: GateDecisions): readonly GateReason[] {
  const found = [
    notExpanded(facts),
    leaseHeld(facts),
    runUnfinished(facts),
    notVerifiable(facts),
    differing(facts, 'DRIFT'),
    differing(facts, 'FOREIGN_VALUES'),
    differing(facts, 'RECORDS_ALTERED'),
    differing(facts, 'NODES_DIFFER'),
    undecided(decisions),
    findings(decisions),
  ];
  return found.filter((reason) => reason !== null);
}

function notExpanded({ meta }: GateFacts): GateReason | null {
  if (meta?.state === 'expanded') return null;
  const text =
    meta === null
      ? "none of the tool's tables is there"
      : `an interrupted ${INTERRUPTED[meta.state]}: run that command again, it finishes what it began`;
  return { code: 'NOT_EXPANDED', text, count: null, details: [] };
}

function leaseHeld({ lease }: GateFacts): GateReason | null {
  if (lease === null) return null;
  const text = `${lease.purpose ?? 'a run'} on ${lease.host ?? 'an unknown host'}, process ${lease.process ?? 'unknown'}`;
  return { code: 'LEASE', text, count: null, details: [] };
}

function runUnfinished({ meta, run }: GateFacts): GateReason | null {
  if (meta?.state !== 'expanded' || run?.state === 'complete') return null;
  const text = run === null ? 'nothing was migrated yet' : `${describeRun(run)}, is not finished`;
  return { code: 'RUN_UNFINISHED', text, count: null, details: [] };
}

function notVerifiable({ run, otherInputs }: GateFacts): GateReason | null {
  if (run === null || otherInputs.length === 0) return null;
  const details = otherInputs.map(({ input, stored, given }): GateDetail => {
    return { text: `${input}: the run had ${stored}, gate has ${given}`, count: null, sampleIds: [] };
  });
  return { code: 'NOT_VERIFIABLE', text: describeRun(run), count: null, details };
}

/** The kinds of differences in each reason; every kind is in exactly one. */
const REASON_KINDS = {
  DRIFT: ['not-migrated', 'legacy-changed', 'decision-changed'],
  FOREIGN_VALUES: ['column-changed', 'column-foreign'],
  RECORDS_ALTERED: KINDS.filter(isOfRecords),
  NODES_DIFFER: ['node-differs'],
} as const satisfies Partial<Record<GateCode, readonly DifferenceKind[]>>;

function differing({ found }: GateFacts, code: keyof typeof REASON_KINDS): GateReason | null {
  const details = REASON_KINDS[code]
    .map((kind): GateDetail & { readonly count: number } => ({
      text: `${kind}: ${DIFFERENCE_KINDS[kind].title}`,
      count: found.differences[kind],
      sampleIds: found.sample
        .filter((difference) => difference.kind === kind)
        .slice(0, SHOWN)
        .map(({ subject }) => subject),
    }))
    .filter(({ count }) => count > 0);
  const count = details.reduce((sum, detail) => sum + detail.count, 0);
  if (count === 0) return null;
  const text = {
    DRIFT: imagesAre(count, 'otherwise than stored'),
    FOREIGN_VALUES: imagesAre(count, "with somebody else's values"),
    NODES_DIFFER: `${count} ${count === 1 ? 'row is' : 'rows are'} not the same on every node`,
    RECORDS_ALTERED: `${count} ${count === 1 ? 'difference' : 'differences'} from what this tool wrote`,
  }[code];
  return { code, text, count, details };
}

function undecided({ undecided: count, questions }: GateDecisions): GateReason | null {
  if (count === 0) return null;
  const shown = questions.slice(0, SHOWN).map((question): GateDetail & { readonly count: number } => ({
    text: `${question.id}: ${question.reason}`,
    count: question.count,
    sampleIds: question.samples.map(({ id }) => id),
  }));
  const rest = count - shown.reduce((sum, detail) => sum + detail.count, 0);
  const others: readonly GateDetail[] = rest > 0 ? [{ text: 'in further questions', count: rest, sampleIds: [] }] : [];
  return { code: 'UNDECIDED', text: imagesAre(count, 'undecided'), count, details: [...shown, ...others] };
}

function findings({ findings: found }: GateDecisions): GateReason | null {
  if (found.length === 0) return null;
  const details = found.map(({ code, severity, title, count, sampleIds }) => ({
    text: `${code} (${severity}): ${title}`,
    count,
    sampleIds,
  }));
  const count = found.reduce((sum, finding) => sum + finding.count, 0);
  return { code: 'FINDINGS', text: `${count} ${count === 1 ? 'finding' : 'findings'}`, count, details };
}

function imagesAre(count: number, what: string): string {
  return `${count} ${count === 1 ? 'image is' : 'images are'} ${what}`;
}
