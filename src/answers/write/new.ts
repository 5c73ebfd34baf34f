import type { Question } from '../../model/question.ts';
import type { AskedBy } from '../answer/answer.ts';
import { factsOf, planValues, questionBlock } from '../file/block.ts';
import { beyondLine, QUESTIONS_HEADER } from './header.ts';
import { factsSignature } from '../file/facts.ts';

/** What a plan asks. */
export interface PlanQuestions {
  readonly askedBy: AskedBy;
  /** Biggest first. All questions that the rules leave open, even those that have an answer. */
  readonly questions: readonly Question[];
  /** Undecided images in groups beyond the number kept apart. */
  readonly beyond: number;
}

/**
 * Characters that questions may take in the file. With answers it must stay shorter than what `readAnswers` accepts.
 */
const LISTED_LENGTH = 5 * 1024 * 1024;

/** Keeps as many questions, biggest first, as fit into a file; the images of the others are counted as beyond. */
export function listable(plan: PlanQuestions): PlanQuestions {
  const questions: Question[] = [];
  let { beyond } = plan;
  let length = 0;
  for (const question of plan.questions) {
    length += questionBlock(factsOf(question), '  ').length;
    if (length > LISTED_LENGTH) beyond += question.count;
    else questions.push(question);
  }
  return { ...plan, questions, beyond };
}

/** The limit of a new file: a tenth more images count as more of the same. */
const GROWTH_LIMIT = '10%';

/** Writes a file without answers. */
export function newQuestionsText(asked: PlanQuestions): string {
  const { askedBy, questions, beyond } = listable(asked);
  const facts = questions.map(factsOf);
  const blocks = facts.map((question) => `${questionBlock(question, '  ')}\n`).join('\n');
  return [
    QUESTIONS_HEADER,
    '\nglance_retype_questions: 1\n',
    planText(askedBy),
    `signature: ${factsSignature({ plan: askedBy, questions: facts })}\n`,
    `growth_limit: ${GROWTH_LIMIT}\n`,
    beyond > 0 ? `\n${beyondLine(beyond)}` : '',
    blocks === '' ? '\nquestions: []\n' : `\nquestions:\n${blocks}`,
  ].join('');
}

export function planText(askedBy: AskedBy): string {
  return `plan:\n${planValues(askedBy)
    .map(([key, value]) => `  ${key}: ${value}\n`)
    .join('')}`;
}
