import type { AskedBy } from '../answer/answer.ts';
import type { Question } from '../../model/question.ts';
import type { QuestionFacts } from './facts.ts';
import { quoted, scalar } from './scalar.ts';
import { classificationWords } from '../answer/words.ts';

/** Keys of a question that a person fills in. */
export const ANSWER_KEYS = ['answer', 'author', 'date', 'reason'] as const;
export type AnswerKey = (typeof ANSWER_KEYS)[number];

/** Converts a question of a plan into the facts that the file holds. */
export function factsOf(question: Question): QuestionFacts {
  return {
    id: question.id,
    images: question.count,
    imagesNow: null,
    diskFormat: question.diskFormat,
    containerFormat: question.containerFormat,
    status: question.status,
    rule: question.rule,
    why: question.reason,
    candidates: question.candidates.map(classificationWords),
    evidence: evidenceLines(question),
    samples: question.samples.map(({ id, name }) => ({ id, name })),
  };
}

function evidenceLines({ count, evidence, imageType, envelope, contentUnasked }: Question): readonly string[] {
  const lines = evidence.map((seen) => `${seen.count} of ${count}: ${seen.kind}, ${seen.detail}`);
  if (imageType !== null) lines.push(`${count} of ${count}: rule, the image type is ${imageType}`);
  if (envelope !== null) lines.push(`${count} of ${count}: rule, the envelope is ${envelope}`);
  if (contentUnasked > 0) {
    lines.push(
      `${contentUnasked} of ${count}: content, nobody looked inside; plan with a source of images may settle these`,
    );
  }
  return lines;
}

/** What follows the colon of each key that the tool writes, in the order of the file. */
const VALUES = {
  id: ({ id }) => ` ${scalar(id)}`,
  images: ({ images }) => ` ${images}`,
  images_now: ({ images, imagesNow }) => ` ${imagesNow ?? images}`,
  disk_format: ({ diskFormat }) => ` ${scalar(diskFormat)}`,
  container_format: ({ containerFormat }) => ` ${scalar(containerFormat)}`,
  status: ({ status }) => ` ${scalar(status)}`,
  rule: ({ rule }) => ` ${scalar(rule)}`,
  why: ({ why }) => ` ${quoted(why)}`,
  // Words of the vocabulary with a slash between them need no quotes anywhere in YAML.
  candidates: ({ candidates }) => ` [${candidates.join(', ')}]`,
  evidence: ({ evidence }, indent) => listValue(evidence.map(quoted), indent),
  samples: ({ samples }, indent) =>
    listValue(
      samples.map(({ id, name }) => `{ id: ${quoted(id)}, name: ${name === null ? 'null' : quoted(name)} }`),
      indent,
    ),
} as const satisfies Record<string, (facts: QuestionFacts, indent: string) => string>;

export type FactKey = keyof typeof VALUES;
/** Keys of a question that the tool writes; `images_now` is there only where it differs from `images`. */
export const FACT_KEYS = Object.keys(VALUES) as readonly FactKey[];

/**
 * The value of one key as it follows the colon: ` raw`, or a list on lines of its own, each begun by LF.
 *
 * @param indent blanks before the key.
 */
export function factValue(facts: QuestionFacts, key: FactKey, indent: string): string {
  return VALUES[key](facts, indent);
}

function listValue(items: readonly string[], indent: string): string {
  return items.length === 0 ? ' []' : items.map((item) => `\n${indent}  - ${item}`).join('');
}

/**
 * A whole question, not answered.
 *
 * @param dash blanks before the dash.
 * @returns lines joined by LF, without a final one.
 */
export function questionBlock(facts: QuestionFacts, dash: string): string {
  const indent = `${dash}  `;
  const known = FACT_KEYS.filter((key) => key !== 'images_now' || facts.imagesNow !== null);
  const lines = [
    ...known.map((key) => `${key}:${factValue(facts, key, indent)}`),
    ...ANSWER_KEYS.map((key) => `${key}:`),
  ];
  return `${dash}- ${lines.join(`\n${indent}`)}`;
}

/** Keys of `plan:` and their values. */
export function planValues(plan: AskedBy): readonly (readonly [key: string, value: string])[] {
  return [
    ['created_at', scalar(plan.createdAt)],
    ['database', quoted(plan.database)],
    ['rules_digest', quoted(plan.rulesDigest)],
    ['tool_version', quoted(plan.toolVersion)],
    ['images', String(plan.images)],
    ['undecided', String(plan.undecided)],
  ];
}
