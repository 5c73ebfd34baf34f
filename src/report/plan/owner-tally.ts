import { type Decision, isDecided } from '../../model/decision.ts';
import type { ImageRecord } from '../../model/image.ts';
import { ownText } from '../../model/own-text.ts';
import { questionId } from '../../model/question-id.ts';
import { biggestFirst, type BoundedGroups, boundedText, createBoundedGroups, totalOf } from './bounded-groups.ts';
import { effectOf } from './decided-tally.ts';
import type { OwnerCount, OwnerSummary } from './report.ts';

/**
 * Owners counted apart. Ids of images are random, so an owner with many images is met early: one that comes behind so
 * many others has few.
 */
const OWNER_LIMIT = 5_000;
/** Questions counted apart for one owner. */
const QUESTION_LIMIT = 20;

/** What the owner of an image must be asked, or told. */
export type Concern = { readonly kind: 'undecided'; readonly question: string | null } | { readonly kind: 'breaks' };

const BREAKS: Concern = { kind: 'breaks' };

/** Null where nobody must be asked. */
export function concernOf(
  words: Pick<ImageRecord, 'diskFormat' | 'containerFormat'>,
  decision: Decision,
): Concern | null {
  if (isDecided(decision)) return effectOf(decision) === 'breaks' ? BREAKS : null;
  // Of images that an answer leaves undecided nothing is asked.
  if (decision.status === 'not-applicable' || decision.answered !== undefined) return null;
  return { kind: 'undecided', question: questionId(words, decision) };
}

interface Owner {
  readonly owner: string | null;
  readonly counts: { undecided: number; breaks: number };
  readonly questions: BoundedGroups<{ readonly question: string; count: number }>;
}

/** Counts by owner what must be asked: undecided images with their questions, and images that break. */
export class OwnerTally {
  readonly #owners = createBoundedGroups<Owner>(OWNER_LIMIT);
  readonly #others = { undecided: 0, breaks: 0 };

  /** Counts one image. */
  add(owner: string | null, concern: Concern): void {
    const found = this.#owners.of(owner === null ? '' : `=${owner}`, () => ({
      owner: owner === null ? null : ownText(boundedText(owner)),
      counts: { undecided: 0, breaks: 0 },
      questions: createBoundedGroups(QUESTION_LIMIT),
    }));
    (found?.counts ?? this.#others)[concern.kind] += 1;
    if (found === null || concern.kind === 'breaks' || concern.question === null) return;
    const { question } = concern;
    const group = found.questions.of(question, () => ({ question, count: 0 }));
    if (group !== null) group.count += 1;
  }

  /** @param unseen images of such decisions whose owners were not looked up. */
  result(unseen: number): OwnerSummary {
    const owners = this.#owners.values().map(({ owner, counts, questions }) => {
      const listed = biggestFirst(questions.values(), (item) => item.question).map((item) => ({ ...item }));
      const counted: OwnerCount = {
        owner,
        ...counts,
        questions: listed,
        otherQuestions: counts.undecided - totalOf(listed),
      };
      return { counted, count: counts.undecided + counts.breaks };
    });
    return {
      listed: biggestFirst(owners, ({ counted }) => counted.owner ?? '').map(({ counted }) => counted),
      others: { ...this.#others },
      unseen,
    };
  }
}
