import { createAnswerReview } from '../../answers/answer-review.ts';
import { growthRefusal } from '../../answers/answer/growth.ts';
import { safeText } from '../../report/words/safe-text.ts';
import type { ReadContext } from '../../run/context/context.ts';
import { plan } from '../../run/plan.ts';
import type { Deciding } from '../options/deciding.ts';

/**
 * Reads everything once before the first write: what the answers meet, and whether a group has grown since it was
 * answered.
 * @throws RetypeError DECISIONS_GROWN.
 */
export async function checkAnswers(
  context: ReadContext,
  { answers, rulesDigest }: Deciding,
): Promise<'checked' | 'stopped'> {
  if (answers === null) return 'checked';
  const review = createAnswerReview(answers, { rulesDigest, database: context.reader.label });
  const end = await plan(context, (evidence, decision) => {
    review.add(evidence, decision);
  });
  if (end === 'stopped') return 'stopped';
  const result = review.review();
  const refusal = growthRefusal(result);
  if (refusal !== null) throw refusal;
  for (const { place, text } of result.remarks) {
    context.onEvent({ kind: 'note', text: safeText(`${place}: ${text}`) });
  }
  return 'checked';
}
