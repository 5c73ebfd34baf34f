import { type Decision, isDecided } from '../../model/decision.ts';
import { type FindingCode, FINDINGS } from '../../model/finding.ts';
import type { ImageEvidence, ImageRecord } from '../../model/image.ts';
import { ownText } from '../../model/own-text.ts';
import { zeroStatusCounts } from '../../model/vocabulary.ts';
import {
  biggestFirst,
  type BoundedGroups,
  boundedText,
  boundedWord,
  type Counting,
  createBoundedGroups,
  earlierFirst,
  getOrMake,
  hasRoom,
  MOST_SAMPLES,
  mergeSamples,
  type Place,
  sampled,
  type SeenSample,
  type TupleCell,
  worstFirst,
} from './bounded-groups.ts';
import { ContentTally } from './content-tally.ts';
import { classificationKey, DecidedTally } from './decided-tally.ts';
import { QuestionTally } from './question-tally.ts';
import type { OutcomeCount, PlanSummary } from './report.ts';
import { isShown, ServiceTally } from './service-tally.ts';

/** Counts a plan as its rows go by. Memory does not grow with the number of images. */
export interface PlanSummaryCollector {
  /**
   * Counts one image. Called once a row, so it only looks up a counter; everything else waits for `result`.
   *
   * @param place in the order of the scan; samples are the first images in it. Left out: the order of the calls.
   * @returns the counter of images with this tuple and this decision, for further ones.
   */
  add(evidence: ImageEvidence, decision: Decision, place?: Place): SummaryCell;
  /** The summary of everything added so far. */
  result(): PlanSummary;
}

/**
 * Counters held before they are folded into the tally. A real database stays far below, because images share decisions;
 * where every image has its own, folding keeps the memory flat.
 */
const CELL_LIMIT = 10_000;

type Cells = Map<string | null, Map<string | null, Map<Decision, SummaryCell>>>;

export function createPlanSummary(): PlanSummaryCollector {
  const tally = new PlanTally();
  const cells: Cells = new Map();
  let cellCount = 0;
  let seen = 0;

  function cellOf(disk: string | null, container: string | null, decision: Decision, place: Place): SummaryCell {
    const known = cells.get(disk)?.get(container)?.get(decision);
    if (known !== undefined) return known;
    if (cellCount >= CELL_LIMIT) fold();
    cellCount += 1;
    // Content may have something to show without a finding: a safety code for information.
    const plain =
      isDecided(decision) &&
      decision.findings.length === 0 &&
      decision.content === undefined &&
      !isShown(decision.services);
    const cell = new SummaryCell(place, plain ? null : []);
    const byContainer = getOrMake(cells, disk, () => new Map<string | null, Map<Decision, SummaryCell>>());
    getOrMake(byContainer, container, () => new Map<Decision, SummaryCell>()).set(decision, cell);
    return cell;
  }

  function fold(): void {
    for (const [disk, byContainer] of cells) {
      for (const [container, byDecision] of byContainer) {
        for (const [decision, cell] of byDecision) {
          tally.add(disk, container, decision, cell);
          cell.close();
        }
      }
    }
    cells.clear();
    cellCount = 0;
  }

  return {
    add({ image }, decision, place = seen) {
      seen += 1;
      const cell = cellOf(boundedWord(image.diskFormat), boundedWord(image.containerFormat), decision, place);
      cell.add(image, place);
      return cell;
    },
    result() {
      fold();
      return tally.result();
    },
  };
}

/** Tuples counted separately. Glance's history has 276; a site with more than 2,000 spellings reads the NDJSON. */
const GROUP_LIMIT = 2_000;
/** Outcomes of one tuple, and rules of images without a payload: far more than a rule table gives. */
const OUTCOME_LIMIT = 200;

interface TupleTally {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  count: number;
  readonly outcomes: BoundedGroups<CountedOutcome>;
}

/** `first` is that of `SummaryCell`. */
interface CountedOutcome {
  readonly outcome: Counting<OutcomeCount>;
  first: Place;
}

/** Images of one spelling that share one decision object. */
class SummaryCell {
  count = 0;
  /** The place of its first image. */
  first: Place;
  /** null where no report would show one: a decided image without findings, which every service accepts. */
  readonly samples: SeenSample[] | null;
  #closed = false;

  constructor(first: Place, samples: SeenSample[] | null) {
    this.first = ownPlace(first);
    this.samples = samples;
  }

  /**
   * Counts an image of which nothing is shown.
   *
   * @param place null: behind all others.
   * @returns false where it must be added by itself.
   */
  countAt(place: string | null): boolean {
    const last = this.samples?.at(-1);
    const isShown =
      (this.samples !== null && hasRoom(this.samples)) ||
      (place !== null && (isBefore(place, this.first) || (last !== undefined && isBefore(place, last.order))));
    if (this.#closed || isShown) return false;
    this.count += 1;
    return true;
  }

  add({ id, name }: ImageRecord, place: Place): void {
    this.count += 1;
    if (isBefore(place, this.first)) this.first = ownPlace(place);
    if (this.samples === null) return;
    const last = this.samples.at(-1);
    if (last !== undefined && !hasRoom(this.samples) && isBefore(last.order, place)) return;
    this.samples.push({
      order: ownPlace(place),
      id: ownText(id),
      name: name === null ? null : ownText(boundedText(name)),
    });
    if (last === undefined || isBefore(last.order, place)) return;
    this.samples.sort((one, other) => earlierFirst(one.order, other.order));
    if (this.samples.length > MOST_SAMPLES) this.samples.pop();
  }

  close(): void {
    this.#closed = true;
  }
}

/** Counters keyed by value: the slow, bounded side of a plan summary. */
class PlanTally {
  readonly #byStatus = zeroStatusCounts();
  readonly #notApplicable = createBoundedGroups<{ rule: string; reason: string; count: number }>(OUTCOME_LIMIT);
  readonly #tuples = createBoundedGroups<TupleTally>(GROUP_LIMIT);
  readonly #otherTuples = zeroStatusCounts();
  readonly #undecided = new QuestionTally();
  readonly #findings = new Map<FindingCode, { count: number; samples: readonly SeenSample[] }>();
  readonly #content = new ContentTally();
  readonly #services = new ServiceTally();
  readonly #decided = new DecidedTally();

  /** Adds `cell.count` images of one spelling and one decision. */
  add(diskFormat: string | null, containerFormat: string | null, decision: Decision, cell: SummaryCell): void {
    const counted: TupleCell = { diskFormat, containerFormat, count: cell.count, samples: cell.samples ?? [] };
    this.#byStatus[decision.status] += cell.count;
    this.#addTuple(diskFormat, containerFormat, decision, cell);
    for (const code of decision.findings) this.#addFinding(code, counted);
    this.#content.add(decision, counted);
    this.#services.add(decision.services, counted);
    if (isDecided(decision)) this.#decided.add(decision, cell.count);
    else if (decision.status === 'not-applicable') this.#addNotApplicable(decision, cell.count);
    // Images that an answer leaves undecided are not asked about again.
    else if (decision.answered === undefined) this.#undecided.add(decision, counted);
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
          outcomes: biggestFirst(
            tuple.outcomes
              .values()
              .toSorted((one, other) => earlierFirst(one.first, other.first))
              .map(({ outcome }) => ({ ...outcome })),
            ({ rule }) => rule,
          ),
        }),
      ),
      otherTuples: { count: sum(Object.values(this.#otherTuples)), byStatus: { ...this.#otherTuples } },
      undecided: this.#undecided.questions(),
      otherUndecided: this.#undecided.beyond(),
      findings: worstFirst(
        [...this.#findings].map(([code, found]) => {
          const { severity, title } = FINDINGS[code];
          return { code, severity, title, ...sampled(found) };
        }),
      ),
      content: this.#content.result(),
      services: this.#services.result(),
      cutover: this.#decided.cutover(),
      oneField: this.#decided.oneField(),
    };
  }

  #addTuple(diskFormat: string | null, containerFormat: string | null, decision: Decision, cell: SummaryCell): void {
    const { count, first } = cell;
    const tuple = this.#tuples.of(tupleKey(diskFormat, containerFormat), () => ({
      diskFormat,
      containerFormat,
      count: 0,
      outcomes: createBoundedGroups(OUTCOME_LIMIT),
    }));
    const counted = tuple?.outcomes.of(outcomeKey(decision), () => ({ outcome: outcomeOf(decision), first }));
    if (tuple === null || counted === null || counted === undefined) {
      this.#otherTuples[decision.status] += count;
      return;
    }
    tuple.count += count;
    counted.outcome.count += count;
    if (isBefore(first, counted.first)) counted.first = first;
  }

  #addFinding(code: FindingCode, { count, samples }: TupleCell): void {
    const known = this.#findings.get(code) ?? { count: 0, samples: [] };
    this.#findings.set(code, { count: known.count + count, samples: mergeSamples(known.samples, samples) });
  }

  #addNotApplicable(decision: Decision, count: number): void {
    const { rule, reason } = decision;
    const group = this.#notApplicable.of(rule, () => ({ rule, reason, count: 0 }));
    if (group !== null) group.count += count;
  }
}

function ownPlace(place: Place): Place {
  return typeof place === 'number' ? place : ownText(place);
}

function isBefore(one: Place, other: Place): boolean {
  return earlierFirst(one, other) < 0;
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
