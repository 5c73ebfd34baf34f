import type { AnswerEffect, AnswerReview } from '../model/answer.ts';
import { type Decision, isDecided } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import { questionId } from '../model/question-id.ts';
import { type AnswerTally, newTally, targetText } from './answer-tally.ts';
import type { Answers } from './answer/answer.ts';
import { comparableId } from './answer/comparable-id.ts';
import { fileRemarks, type ReviewedNow, remarksOn } from './review-remarks.ts';

const SAMPLES = 5;

/** Collects what an answers file does while the rows are read. Memory is bounded by the file, not by the database. */
export interface AnswerReviewer {
  /** Takes one image and the decision that `answering` made, soft-deleted images too. */
  add(evidence: ImageEvidence, decision: Decision): void;
  review(): AnswerReview;
}

export function createAnswerReview(answers: Answers, now: ReviewedNow): AnswerReviewer {
  const tallies = answers.answers.map(newTally);
  const byAnswer = new Map(tallies.map((tally) => [tally.answer.id, tally]));
  const named = new Map(tallies.flatMap(({ named: ids }) => ids.map((image) => [comparableId(image.id), image])));
  const populations = new Map(
    tallies.flatMap(({ answer: { to }, population }) =>
      to.kind === 'question' && population !== null ? [[to.question, population] as const] : [],
    ),
  );
  let unmet = tallies.filter(({ met }) => met === 'not-yet');

  const look = (evidence: ImageEvidence, decision: Decision): void => {
    const { image } = evidence;
    const entry = named.size === 0 ? undefined : named.get(comparableId(image.id));
    // A UUID may exist in upper and in lower case; the live row counts.
    if (entry !== undefined && entry.seen !== 'payload') entry.seen = seenAs(image.deleted, decision);
  };

  return {
    add(evidence, decision) {
      look(evidence, decision);
      if (decision.status === 'not-applicable') return;
      const { answered } = decision;
      if (answered === undefined && isDecided(decision)) return;
      if (populations.size > 0) {
        const question = answered === undefined ? questionId(evidence.image, decision) : answered.question;
        const population = question === null ? undefined : populations.get(question);
        if (population !== undefined) population.now += 1;
      }
      if (answered === undefined) return;
      const tally = byAnswer.get(answered.answer);
      if (tally !== undefined) count(tally, evidence.image.id, decision);
      if (unmet.length === 0 || answered.question === null) return;
      for (const other of unmet) {
        if (other === tally || other.meets?.(evidence, decision) === true) other.met = 'yes';
      }
      if (unmet.some(({ met }) => met === 'yes')) unmet = unmet.filter(({ met }) => met === 'not-yet');
    },
    review: () => ({
      file: answers.file,
      digest: answers.digest,
      effects: tallies.map(effectOf),
      remarks: [
        ...fileRemarks(answers, now),
        ...tallies.flatMap((tally) => remarksOn(tally, answers.growthLimitPercent)),
      ],
    }),
  };
}

function seenAs(deleted: boolean, decision: Decision): 'deleted' | 'no-payload' | 'payload' {
  if (deleted) return 'deleted';
  return decision.status === 'not-applicable' ? 'no-payload' : 'payload';
}

function count(tally: AnswerTally, imageId: string, decision: Decision): void {
  const { answered } = decision;
  if (answered === undefined) return;
  tally.images += 1;
  if (tally.samples.length < SAMPLES) tally.samples.push(imageId);
  if (answered.question !== null) {
    if (isDecided(decision)) tally.settled += 1;
  } else if (answered.agreement !== 'candidate' || !isDecided(decision)) {
    tally.overruled += 1;
  }
  if (answered.agreement === 'outside') tally.outside += 1;
  if (answered.agreement === 'against-proof') tally.againstProof += 1;
}

function effectOf({ answer, population, samples, ...counts }: AnswerTally): AnswerEffect {
  const { id, place, to, value, author, date, reason } = answer;
  const { images, settled, overruled, outside, againstProof } = counts;
  return {
    id,
    place,
    to: targetText(to),
    value,
    author,
    date,
    reason,
    images,
    settled,
    overruled,
    outside,
    againstProof,
    population: population === null ? null : { ...population },
    sampleIds: [...samples],
  };
}
