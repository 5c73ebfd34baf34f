import { isDecided, type Decision } from '../../model/decision.ts';
import { FINDINGS, SEVERITIES, type FindingCode } from '../../model/finding.ts';
import { zeroStatusCounts } from '../../model/vocabulary.ts';
import { biggestFirst, createBoundedGroups, type BoundedGroups, type Counting } from './bounded-groups.ts';
import { ContentTally } from './content-tally.ts';
import { DecidedTally, classificationKey } from './decided-tally.ts';
import type { OutcomeCount, PlanSummary } from './summary-shape.ts';
import { QuestionTally } from './question-tally.ts';
import { mergeSamples, type SeenSample } from './sample-list.ts';

/** Tuples counted separately. Glance's history has 276; a site with more than 2,000 spellings reads the NDJSON. */
const GROUP_LIMIT = 2_000;
/** Outcomes of one tuple, and rules of images without a payload: far more than a rule table gives. */
const OUTCOME_LIMIT = 200;

interface TupleTally {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  count: number;
  readonly outcomes: BoundedGroups<Counting<OutcomeCount>>;
}

/** Images of one spelling that share one decision object. */
export interface SummaryCell {
  count: number;
  /** null where no report would show one: a decided image without findings. */
  readonly samples: SeenSample[] | null;
}

/** Counters keyed by value: the slow, bounded side of a plan summary. */
export class PlanTally {
  readonly #byStatus = zeroStatusCounts();
  readonly #notApplicable = createBoundedGroups<{ rule: string; reason: string; count: number }>(OUTCOME_LIMIT);
  readonly #tuples = createBoundedGroups<TupleTally>(GROUP_LIMIT);
  readonly #otherTuples = zeroStatusCounts();
  readonly #undecided = new QuestionTally();
  readonly #findings = new Map<FindingCode, { count: number; samples: readonly SeenSample[] }>();
  readonly #content = new ContentTally();
  readonly #decided = new DecidedTally();

  /** Adds `cell.count` images of one spelling and one decision. */
  add(diskFormat: string | null, containerFormat: string | null, decision: Decision, cell: SummaryCell): void {
    this.#byStatus[decision.status] += cell.count;
    this.#addTuple(diskFormat, containerFormat, decision, cell.count);
    for (const code of decision.findings) this.#addFinding(code, cell);
    this.#content.add(decision, { diskFormat, containerFormat, count: cell.count, samples: cell.samples ?? [] });
    if (isDecided(decision)) this.#decided.add(decision, cell.count);
    else if (decision.status === 'not-applicable') this.#addNotApplicable(decision, cell.count);
    // Images that an answer leaves undecided are not asked about again.
    else if (decision.answered === undefined)
      this.#undecided.add(decision, { diskFormat, containerFormat, count: cell.count, samples: cell.samples ?? [] });
  }

  result(): PlanSummary {
    return {
      total: sum(Object.values(this.#byStatus)),
      byStatus: { ...this.#byStatus },
      notApplicable: biggestFirst(this.#notApplicable.values(), (item) => item.rule).map((item) => ({ ...item })),
      tuples: biggestFirst(this.#tuples.values(), (tuple) => tupleKey(tuple.diskFormat, tuple.containerFormat)).map(
        (tuple) => ({
          diskFormat: tuple.diskFormat,
          containerFormat: tuple.containerFormat,
          count: tuple.count,
          outcomes: biggestFirst(tuple.outcomes.values(), (item) => item.rule).map((item) => ({ ...item })),
        }),
      ),
      otherTuples: { count: sum(Object.values(this.#otherTuples)), byStatus: { ...this.#otherTuples } },
      undecided: this.#undecided.questions(),
      otherUndecided: this.#undecided.beyond(),
      findings: this.#findingCounts(),
      content: this.#content.result(),
      cutover: this.#decided.cutover(),
      oneField: this.#decided.oneField(),
    };
  }

  #addTuple(diskFormat: string | null, containerFormat: string | null, decision: Decision, count: number): void {
    const tuple = this.#tuples.of(tupleKey(diskFormat, containerFormat), () => ({
      diskFormat,
      containerFormat,
      count: 0,
      outcomes: createBoundedGroups(OUTCOME_LIMIT),
    }));
    const outcome = tuple?.outcomes.of(outcomeKey(decision), () => outcomeOf(decision));
    if (tuple === null || outcome === null || outcome === undefined) {
      this.#otherTuples[decision.status] += count;
      return;
    }
    tuple.count += count;
    outcome.count += count;
  }

  #addFinding(code: FindingCode, cell: SummaryCell): void {
    const known = this.#findings.get(code) ?? { count: 0, samples: [] };
    this.#findings.set(code, {
      count: known.count + cell.count,
      samples: mergeSamples(known.samples, cell.samples ?? []),
    });
  }

  #addNotApplicable(decision: Decision, count: number): void {
    const { rule, reason } = decision;
    const group = this.#notApplicable.of(rule, () => ({ rule, reason, count: 0 }));
    if (group !== null) group.count += count;
  }

  #findingCounts(): PlanSummary['findings'] {
    const counts = [...this.#findings].map(([code, { count, samples }]) => {
      const { severity, title } = FINDINGS[code];
      return { code, severity, title, count, sampleIds: samples.map((sample) => sample.id) };
    });
    return [...SEVERITIES].reverse().flatMap((severity) =>
      biggestFirst(
        counts.filter((item) => item.severity === severity),
        (item) => item.code,
      ),
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Distinguishes NULL from '' and from the word "null". */
function tupleKey(diskFormat: string | null, containerFormat: string | null): string {
  return JSON.stringify([diskFormat, containerFormat]);
}

/**
 * Without the reason, because a reason that names an image would defeat the grouping. Joined, because the words have no
 * line ends and JSON costs more where every image has a decision of its own.
 */
function outcomeKey(decision: Decision): string {
  return `${decision.status}\n${decision.rule}\n${answerKey(decision)}`;
}

function answerKey(decision: Decision): string {
  if (isDecided(decision)) return classificationKey(decision.classification);
  if (decision.status === 'ambiguous') return decision.candidates.map(classificationKey).join('\n');
  return decision.status === 'unmappable' ? `${decision.imageType ?? ''} ${decision.envelope ?? ''}` : '';
}

function outcomeOf(decision: Decision): Counting<OutcomeCount> {
  return {
    status: decision.status,
    classification: isDecided(decision) ? decision.classification : null,
    candidates: decision.status === 'ambiguous' ? decision.candidates : [],
    imageType: decision.status === 'unmappable' ? decision.imageType : null,
    rule: decision.rule,
    reason: decision.reason,
    count: 0,
  };
}
