import { createAnswerReview } from '../answers/answer-review.ts';
import type { AnswerReview } from '../model/answer.ts';
import type { PlanSummary } from '../report/plan/report.ts';
import { createPlanSummary } from '../report/plan/summary.ts';
import type { DecisionSink } from '../run/context/context.ts';
import type { AddImage } from '../run/count-plan.ts';
import type { Deciding } from './options/deciding.ts';
import type { PlanOutputs } from './options/plan-outputs.ts';

interface Collected {
  readonly summary: PlanSummary;
  /** null where no answers file was given. */
  readonly answers: AnswerReview | null;
  /** What the rules alone leave open; the questions are about these images, answered or not. */
  readonly asked: PlanSummary;
}

/** Counts images as they are read and passes them to the outputs. */
export interface Collector {
  readonly sink: DecisionSink;
  /** For images of which nothing is wanted but their number. */
  readonly add: AddImage;
  collected(): Collected;
}

export function createCollector(
  { answers, base, rulesDigest }: Deciding,
  database: string,
  outputs: Pick<PlanOutputs, 'add'> | null,
): Collector {
  const summary = createPlanSummary();
  const review = answers === null ? null : createAnswerReview(answers, { rulesDigest, database });
  const asked = answers === null ? null : createPlanSummary();
  return {
    sink(evidence, decision) {
      summary.add(evidence, decision);
      review?.add(evidence, decision);
      asked?.add(evidence, base(evidence));
      return outputs?.add(evidence, decision);
    },
    add: (evidence, decision, place) => summary.add(evidence, decision, place),
    collected() {
      const whole = summary.result();
      return { summary: whole, answers: review?.review() ?? null, asked: asked?.result() ?? whole };
    },
  };
}
