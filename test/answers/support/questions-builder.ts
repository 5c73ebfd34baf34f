import type { AskedBy } from '../../../src/answers/answer/answer.ts';
import { questionsText } from '../../../src/answers/write/questions-text.ts';
import type { Classification } from '../../../src/model/decision.ts';
import type { Question } from '../../../src/model/question.ts';
import type { ContainerType, Envelope, ImageType } from '../../../src/model/vocabulary.ts';

export const ASKED_BY: AskedBy = {
  createdAt: '2026-11-24T10:00:00Z',
  database: 'mysql://glance@db1/glance',
  rulesDigest: '0123456789abcdef'.repeat(4),
  toolVersion: '0.1.0',
  images: 20_000,
  undecided: 1_234,
};

export function classification(
  imageType: ImageType,
  containerType: ContainerType = 'raw',
  envelope: Envelope | null = null,
): Classification {
  return { imageType, containerType, envelope };
}

export function question(id: string, count: number, more: Partial<Question> = {}): Question {
  return {
    id,
    status: 'ambiguous',
    diskFormat: 'raw',
    containerFormat: 'bare',
    rule: 'TUPLE-RAW',
    reason: 'raw says nothing about what is inside',
    candidates: [classification('disk'), classification('kernel'), classification('disk', 'vmdk', 'ova')],
    imageType: null,
    envelope: null,
    count,
    contentUnasked: 0,
    evidence: [{ kind: 'name', detail: 'the name looks like a kernel', count: 1 }],
    samples: [{ id: `${id}-first`, name: 'web' }],
    ...more,
  };
}

/** The file of a plan that asks these. */
export function fileOf(questions: readonly Question[], more: { readonly beyond?: number } = {}): string {
  return questionsText(null, { askedBy: ASKED_BY, questions, beyond: more.beyond ?? 0 });
}

/** The file after another plan, a day later. */
export function replanned(text: string, questions: readonly Question[], beyond = 0): string {
  const askedBy = { ...ASKED_BY, createdAt: '2026-11-25T10:00:00Z' };
  return questionsText({ path: 'q.yaml', text }, { askedBy, questions, beyond });
}

/** The lines of one question, from its dash to the blank line behind it. */
export function blockOf(text: string, id: string): string {
  const [, rest = ''] = text.split(`- id: ${id}`);
  return `id: ${id}${rest.split(/\r?\n\r?\n/)[0] ?? ''}`.trimEnd();
}

/** Fills a key of one question in, as an editor does. */
export function written(text: string, id: string, key: string, value: string): string {
  const at = text.indexOf(`\n    ${key}:`, text.indexOf(`- id: ${id}`)) + `\n    ${key}:`.length;
  return `${text.slice(0, at)} ${value}${text.slice(at)}`;
}
