import type { AnswerReview } from '../model/answer.ts';
import type { PlanSummary } from '../report/plan/report.ts';
import { shellWord } from '../report/words/shell-word.ts';
import { undecidedCount } from '../run/verify/verify.ts';
import { commandTail, type GivenDatabase } from './options/database.ts';
import { decidingTail, type GivenDeciding } from './options/deciding.ts';

const SUGGESTED_FILE = 'answers.yaml';

type Given = GivenDatabase & GivenDeciding & { readonly questions?: string | undefined };

interface Situation {
  readonly summary: PlanSummary;
  /** null before expand. */
  readonly target: string | null;
  readonly answers: AnswerReview | null;
}

/** The commands to run after a plan, in order; each line as it would be typed, with a remark after `#`. */
export function nextAfterPlan(given: Given, { summary, target, answers }: Situation): readonly string[] {
  const database = commandTail(given);
  const deciding = decidingTail(given);
  const onward =
    target === null
      ? `glance-retype expand${database}     # adds the result columns, online`
      : `glance-retype migrate${database}${deciding}     # writes the decided rows, batch by batch`;
  const refused = answers?.remarks.some(({ weight }) => weight === 'refuses') === true;
  if (refused && given.answers !== undefined) {
    return [
      `glance-retype plan${database}${deciding} --questions ${shellWord(given.answers)}     # brings the counts up to date`,
      `glance-retype questions ${shellWord(given.answers)}     # confirm what has grown`,
    ];
  }
  if (given.questions !== undefined && undecidedCount(summary.byStatus) > 0) {
    const file = shellWord(given.questions);
    const planned = decidingTail({ ...given, answers: given.questions });
    return [
      `glance-retype questions ${file}     # answer them one by one, or edit the file`,
      `glance-retype plan${database}${planned}     # what the answers change`,
    ];
  }
  if (undecidedCount(summary.byStatus) > 0) {
    const file = given.answers ?? SUGGESTED_FILE;
    return [
      `glance-retype plan${database}${deciding} --questions ${shellWord(file)}     # the undecided groups as questions`,
      onward,
    ];
  }
  return [onward];
}
