import type { PlanReport } from '../../plan/report.ts';
import { answersPart } from './answers.ts';
import { contentPart, securityPart } from './content-parts.ts';
import { cutoverPart } from './cutover.ts';
import { findingsPart } from './findings.ts';
import { oneFieldPart } from './one-field.ts';
import { tuplesPart } from './tuples.ts';
import { undecidedPart } from './undecided.ts';
import type { ScreenPart } from '../layout/screen.ts';

/** The sections of a plan for one screen, in their order; those with nothing to say are left out. */
export function planParts(report: PlanReport): readonly ScreenPart[] {
  const { summary, answers } = report;
  return [
    securityPart(summary),
    contentPart(summary),
    answersPart(answers),
    tuplesPart(summary),
    undecidedPart(report),
    findingsPart(summary),
    cutoverPart(summary),
    oneFieldPart(summary),
  ].filter((part) => part !== null);
}
