import type { Answers, AskedBy } from '../../../src/answers/answer/answer.ts';
import { readAnswers } from '../../../src/answers/read/answers.ts';
import { factsSignature, type QuestionFacts } from '../../../src/answers/file/facts.ts';
import { RetypeError } from '../../../src/model/error.ts';

export const ASKED_BY: AskedBy = {
  createdAt: '2026-11-24T10:00:00Z',
  database: 'mysql://glance@db1/glance',
  rulesDigest: 'a'.repeat(64),
  toolVersion: '0.1.0',
  images: 20_000,
  undecided: 1_234,
};

/** A question of which only what is given matters. */
export function facts(id: string, given: Partial<QuestionFacts> = {}): QuestionFacts {
  return {
    id,
    images: 10,
    imagesNow: null,
    diskFormat: 'raw',
    containerFormat: 'bare',
    status: 'ambiguous',
    rule: 'TUPLE-RAW',
    why: 'raw says nothing',
    candidates: ['disk/raw', 'filesystem/raw', 'kernel/raw'],
    evidence: [],
    samples: [],
    ...given,
  };
}

/** Words that stand behind `answer:` and the other keys that a person fills in. */
type Filled = Readonly<Partial<Record<'answer' | 'author' | 'date' | 'reason', string>>>;

interface Parts {
  readonly questions?: readonly (readonly [QuestionFacts, Filled?])[];
  /** YAML of the items of `answers`. */
  readonly answers?: string;
  readonly head?: string;
  readonly plan?: AskedBy;
}

/** A questions file as the tool signs it; every value is JSON, which is YAML too. */
export function questionsFile({ questions = [], answers = '', head = '', plan = ASKED_BY }: Parts): string {
  const signature = factsSignature({ plan, questions: questions.map(([asked]) => asked) });
  const asked = questions.map(([question, filled = {}]) => {
    const lines = [
      `id: ${question.id}`,
      `images: ${question.images}`,
      ...(question.imagesNow === null ? [] : [`images_now: ${question.imagesNow}`]),
      `disk_format: ${JSON.stringify(question.diskFormat)}`,
      `container_format: ${JSON.stringify(question.containerFormat)}`,
      `status: ${question.status}`,
      `rule: ${question.rule}`,
      `why: ${JSON.stringify(question.why)}`,
      `candidates: ${JSON.stringify(question.candidates)}`,
      `evidence: ${JSON.stringify(question.evidence)}`,
      `samples: ${JSON.stringify(question.samples)}`,
      ...(['answer', 'author', 'date', 'reason'] as const).map((key) => `${key}: ${filled[key] ?? ''}`),
    ];
    return `  - ${lines.join('\n    ')}\n`;
  });
  return [
    `glance_retype_questions: 1\n`,
    `plan:\n  created_at: ${plan.createdAt}\n  database: ${plan.database}\n  rules_digest: ${plan.rulesDigest}\n`,
    `  tool_version: ${plan.toolVersion}\n  images: ${plan.images}\n  undecided: ${plan.undecided}\n`,
    `signature: ${signature}\n${head}questions:\n${asked.join('')}`,
    answers === '' ? '' : `answers:\n${answers}`,
  ].join('');
}

/** The answers of a text, read as the file `answers.yaml`. */
export function answersOf(text: string): Answers {
  return readAnswers({ path: 'dir/answers.yaml', text });
}

/** A file written by hand, of these items. */
export function byHand(items: string): Answers {
  return answersOf(`answers:\n${items}`);
}

/** Places and what was found there, of a file that is refused. */
export function problemsOf(text: string): readonly (readonly [place: string, found: string])[] {
  try {
    readAnswers({ path: 'dir/answers.yaml', text });
  } catch (error) {
    if (!(error instanceof RetypeError) || error.code !== 'DECISIONS_FILE') throw error;
    return error.problems.map(({ place, found }) => [place, found]);
  }
  throw new Error('nothing was refused');
}
