import { type Decision, isDecided } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import { questionId } from '../model/question-id.ts';
import { answeredDecision } from './answered-decision.ts';
import { answerFor, indexAnswers } from './answer-index.ts';
import type { Answer, Answers } from './answer/answer.ts';
import { comparableId } from './answer/comparable-id.ts';

/**
 * Puts the operator's answers on the decisions of the rules. The most specific answer takes an image: its id, then
 * conditions that name an owner, a name, a property or a size (more of them first, then the earlier in the file),
 * then its question, then a policy. All but ids speak of undecided images only; an image without a payload is never
 * answered.
 *
 * Pure, never throws. Images that share a decision and an answer share one frozen object, so that memory does not
 * grow with them.
 */
export function answering(
  decide: (evidence: ImageEvidence) => Decision,
  answers: Answers,
): (evidence: ImageEvidence) => Decision {
  const index = indexAnswers(answers);
  const { byImage } = index;
  const made = new WeakMap<Decision, Map<Answer, Decision>>();

  const put = (base: Exclude<Decision, { status: 'not-applicable' }>, answer: Answer, question: string | null) => {
    let ofBase = made.get(base);
    if (ofBase === undefined) {
      ofBase = new Map();
      made.set(base, ofBase);
    }
    const known = ofBase.get(answer);
    // A decision may be shared between tuples, and then between questions.
    if (known !== undefined && known.answered?.question === question) return known;
    const decision = answeredDecision(base, answer, question);
    ofBase.set(answer, decision);
    return decision;
  };

  return (evidence) => {
    const base = decide(evidence);
    const { image } = evidence;
    if (base.status === 'not-applicable') return base;
    const named = byImage.size === 0 ? undefined : byImage.get(comparableId(image.id));
    if (named === undefined && isDecided(base)) return base;
    const question = questionId(image, base);
    const answer = named ?? answerFor(index, evidence, base, question);
    return answer === null ? base : put(base, answer, question);
  };
}
