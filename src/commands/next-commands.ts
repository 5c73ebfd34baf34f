import type { AnswerReview } from '../model/answer.ts';
import type { PlanSummary } from '../report/plan/report.ts';
import { shellWord } from '../report/words/shell-word.ts';
import { undecidedCount } from '../run/verify/verify.ts';
import { commandTail, type GivenDatabase } from './options/database.ts';
import { decidingTail, type GivenDeciding } from './options/deciding.ts';
import { type GivenServices, servicesTail } from './options/services.ts';

const SUGGESTED_FILE = 'answers.yaml';

type Given = GivenDatabase & GivenDeciding & GivenServices & { readonly questions?: string | undefined };

interface Situation {
  readonly summary: PlanSummary;
  /** null before expand. */
  readonly target: string | null;
  readonly answers: AnswerReview | null;
}

/**
 * The one command that helps after a plan, as it would be typed, with a remark after `#`. While images are undecided it
 * leads to answers, and never to a change of the database.
 */
export function nextAfterPlan(given: Given, { summary, target, answers }: Situation): readonly [string] {
  const database = commandTail(given);
  const deciding = decidingTail(given);
  const asking = (file: string): string =>
    `glance-retype plan${database}${deciding}${servicesTail(given)} --questions ${shellWord(file)}`;
  const refused = answers?.remarks.some(({ weight }) => weight === 'refuses') === true;
  if (refused && given.answers !== undefined) {
    return given.questions === given.answers
      ? [`glance-retype questions ${shellWord(given.answers)}     # confirm what has grown`]
      : [`${asking(given.answers)}     # brings the counts up to date, to be confirmed`];
  }
  if (undecidedCount(summary.byStatus) > 0) {
    return given.questions === undefined
      ? [`${asking(given.answers ?? SUGGESTED_FILE)}     # writes the undecided groups as questions`]
      : [`glance-retype questions ${shellWord(given.questions)}     # answer them one by one, or edit the file`];
  }
  return target === null
    ? [`glance-retype expand${database}     # adds the result columns, online`]
    : [`glance-retype migrate${database}${deciding}     # writes the decided rows, batch by batch`];
}
