import { foldWord } from '../../model/fold-word.ts';
import { mostImages } from '../answer/growth.ts';
import type { QuestionEntry, QuestionsDocument } from '../file/document.ts';
import type { Splice } from '../file/splice.ts';

interface WalkDeed {
  readonly question: string;
  readonly what: 'answered' | 'confirmed';
  /** Replacements, round by round, newest first. */
  readonly back: readonly (readonly Splice[])[];
}

/** The state of a walk through a questions file. Every step makes a new one. */
export interface Walk {
  readonly document: QuestionsDocument;
  /** How much a group may have grown before its answer is asked for again, in per cent. */
  readonly growthLimitPercent: number;
  /** Index of the question that is shown; null when nothing is left to ask. */
  readonly at: number | null;
  /** `reason`: the question has its answer, and is asked why. */
  readonly asks: 'answer' | 'reason';
  readonly skipped: ReadonlySet<string>;
  /** What was written since the file was read, oldest first. */
  readonly deeds: readonly WalkDeed[];
}

/** Starts at the first question that needs a person. */
export function beginWalk(document: QuestionsDocument, growthLimitPercent: number): Walk {
  const walk = {
    document,
    growthLimitPercent,
    at: null,
    asks: 'answer',
    skipped: new Set<string>(),
    deeds: [],
  } as const;
  return { ...walk, at: nextOpen(walk, -1) };
}

/** The question that is shown. */
export function currentEntry({ document, at }: Walk): QuestionEntry | null {
  return at === null ? null : (document.questions[at] ?? null);
}

export type EntryState = 'open' | 'answered' | 'grown';

/** `grown`: the question has more images than its answer may cover. */
export function entryState({ answer, facts }: QuestionEntry, growthLimitPercent: number): EntryState {
  if (answer === null) return 'open';
  // Images that stay undecided on purpose are never written, however many there are.
  if (foldWord(answer) === 'leave' || facts.imagesNow === null) return 'answered';
  return facts.imagesNow > mostImages(facts.images, growthLimitPercent) ? 'grown' : 'answered';
}

/** The answer in words, even where the number of a candidate was written; null where there is none. */
export function answerWords({ answer, facts }: QuestionEntry): string | null {
  if (answer === null || !/^\d+$/.test(answer)) return answer;
  return facts.candidates[Number(answer) - 1] ?? answer;
}

/** Images of a question as the last plan counted them. */
export function imagesOf({ facts }: QuestionEntry): number {
  return facts.imagesNow ?? facts.images;
}

/** The next question after `from`, and then from the top, that needs a person and was not skipped. */
export function nextOpen(
  { document: { questions }, growthLimitPercent, skipped }: Pick<Walk, 'document' | 'growthLimitPercent' | 'skipped'>,
  from: number,
): number | null {
  for (let step = 1; step <= questions.length; step += 1) {
    const index = (from + step) % questions.length;
    const entry = questions[index];
    if (entry !== undefined && !skipped.has(entry.facts.id) && entryState(entry, growthLimitPercent) !== 'answered') {
      return index;
    }
  }
  return null;
}

export interface WalkCounts {
  readonly questions: number;
  readonly answered: number;
  /** Answered, but grown since. */
  readonly grown: number;
  readonly open: number;
  readonly images: number;
  readonly imagesAnswered: number;
  /** Images of open and of grown questions. */
  readonly imagesOpen: number;
  /** Answers to conditions and image ids. */
  readonly otherAnswers: number;
}

export function walkCounts({ questions, otherAnswers }: QuestionsDocument, growthLimitPercent: number): WalkCounts {
  const counts = { questions: questions.length, answered: 0, grown: 0, open: 0, images: 0, imagesAnswered: 0 };
  for (const entry of questions) {
    const state = entryState(entry, growthLimitPercent);
    counts[state] += 1;
    counts.images += imagesOf(entry);
    if (state === 'answered') counts.imagesAnswered += imagesOf(entry);
  }
  return { ...counts, imagesOpen: counts.images - counts.imagesAnswered, otherAnswers };
}
