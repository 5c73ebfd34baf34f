import type { AmbiguousDecision, Classification, Evidence, UnmappableDecision } from '../../model/decision.ts';
import { foldFormat } from '../../model/fold-word.ts';
import { questionId } from '../../model/question-id.ts';
import type { GroupEvidence, Question } from '../../model/question.ts';
import {
  biggestFirst,
  type BoundedGroups,
  type Counting,
  createBoundedGroups,
  mergeSamples,
  type SeenSample,
  type TupleCell,
} from './bounded-groups.ts';
import { classificationKey } from './decided-tally.ts';

/** Questions counted separately. Glance's history has 276 tuples; a site with more than 2,000 reads the NDJSON. */
const QUESTION_LIMIT = 2_000;
/** Pieces of evidence counted separately in one question. */
const EVIDENCE_LIMIT = 100;
const EVIDENCE_SHOWN = 8;
/** Orders of one set of candidates; hints make a dozen. */
const ORDER_LIMIT = 50;

type Undecided = AmbiguousDecision | UnmappableDecision;

interface Asked {
  readonly head: Omit<Question, 'candidates' | 'count' | 'contentUnasked' | 'evidence' | 'samples'>;
  count: number;
  contentUnasked: number;
  samples: readonly SeenSample[];
  readonly orders: BoundedGroups<{ readonly candidates: readonly Classification[]; count: number }>;
  readonly evidence: BoundedGroups<Counting<GroupEvidence>>;
}

export class QuestionTally {
  readonly #asked = createBoundedGroups<Asked>(QUESTION_LIMIT);
  #beyond = 0;

  add(decision: Undecided, cell: TupleCell): void {
    const id = questionId(cell, decision);
    if (id === null) return;
    const asked = this.#asked.of(id, () => newQuestion(id, decision, cell));
    if (asked === null) {
      this.#beyond += cell.count;
      return;
    }
    asked.count += cell.count;
    if (decision.content === undefined) asked.contentUnasked += cell.count;
    asked.samples = mergeSamples(asked.samples, cell.samples);
    const candidates = decision.status === 'ambiguous' ? decision.candidates : [];
    const order = asked.orders.of(candidates.map(classificationKey).join('\n'), () => ({ candidates, count: 0 }));
    if (order !== null) order.count += cell.count;
    for (const { kind, detail } of commonEvidence(decision.evidence)) {
      const sight = asked.evidence.of(`${kind}\n${detail}`, () => ({ kind, detail, count: 0 }));
      if (sight !== null) sight.count += cell.count;
    }
  }

  questions(): readonly Question[] {
    return biggestFirst(this.#asked.values(), (asked) => asked.head.id).map((asked) => ({
      ...asked.head,
      candidates:
        biggestFirst(asked.orders.values(), (order) => order.candidates.map(classificationKey).join())[0]?.candidates ??
        [],
      count: asked.count,
      contentUnasked: asked.contentUnasked,
      evidence: biggestFirst(asked.evidence.values(), ({ kind, detail }) => `${kind} ${detail}`)
        // Evidence of a single image says nothing about a larger group.
        .filter((sight) => sight.count > 1 || asked.count === 1)
        .slice(0, EVIDENCE_SHOWN)
        .map((sight) => ({ ...sight })),
      samples: asked.samples.map(({ id, name }) => ({ id, name })),
    }));
  }

  /** Undecided images without a question of their own. */
  beyond(): number {
    return this.#beyond;
  }
}

function newQuestion(id: string, decision: Undecided, cell: TupleCell): Asked {
  const { status, rule, reason } = decision;
  const known = decision.status === 'unmappable' ? decision : null;
  return {
    head: {
      id,
      status,
      diskFormat: foldFormat(cell.diskFormat),
      containerFormat: foldFormat(cell.containerFormat),
      rule,
      reason,
      imageType: known?.imageType ?? null,
      envelope: known?.envelope ?? null,
    },
    count: 0,
    contentUnasked: 0,
    samples: [],
    orders: createBoundedGroups(ORDER_LIMIT),
    evidence: createBoundedGroups(EVIDENCE_LIMIT),
  };
}

/**
 * Evidence that several images may share, each piece once: without ids, counts, examples, offsets and sizes, and
 * without the tuple and the rows that took part.
 */
export function commonEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const { kind, detail } of evidence) {
    if (kind === 'rule' || (kind === 'tuple' && detail.startsWith('disk_format='))) continue;
    const common = kind === 'content' ? withoutPlaces(detail) : withoutIds(detail);
    seen.set(`${kind}\n${common}`, { kind, detail: common });
  }
  return [...seen.values()];
}

function withoutIds(detail: string): string {
  return detail
    .replace(/^(kernel_id|ramdisk_id)=.* \((live|deleted|missing)\)$/, '$1 is $2')
    .replace(/ of \d+ live images?\b/, ' of live images')
    .replace(/, for example .*$/, '');
}

/** `byte 446: MBR: 1 entry; …`: offsets and sizes differ from image to image; a version has fewer digits. */
function withoutPlaces(detail: string): string {
  return detail.replaceAll(/\b(?:byte|guest|decompressed) (?:\d+|beyond 1 MiB): /g, '').replaceAll(/\b\d{5,}\b/g, '…');
}
