import { createHash } from 'node:crypto';
import type { Answer } from './answer.ts';
import { comparableId } from './comparable-id.ts';
import { answerWords } from './words.ts';

/**
 * Digests what a run depends on: the answers, what they answer, who gave them and why. Counts and places in the file
 * do not count. Only predicates keep their order, because the first of equally specific ones applies.
 *
 * @returns SHA-256, 64 hexadecimal digits.
 */
export function answersDigest(answers: readonly Answer[]): string {
  const content = (answer: Answer): string => JSON.stringify([answer.id, answerContent(answer)]);
  const others = answers.filter(({ to }) => to.kind !== 'predicate').map(content);
  const conditions = answers.filter(({ to }) => to.kind === 'predicate').map(content);
  return createHash('sha256')
    .update(JSON.stringify([others.toSorted(), conditions]))
    .digest('hex');
}

/** Everything of an answer except its id and its place; equal for equal answers. */
export function answerContent({ to, value, author, date, reason }: Omit<Answer, 'id' | 'place'>): string {
  return JSON.stringify([targetOf(to), answerWords(value), author, date, reason]);
}

function targetOf(to: Answer['to']): unknown {
  switch (to.kind) {
    case 'question':
      return [to.kind, to.question];
    case 'predicate':
      return [to.kind, predicateKey(to.when)];
    case 'images':
      return [to.kind, to.images.map(({ id }) => comparableId(id)).toSorted()];
  }
}

/** Equal for equal predicates. */
export function predicateKey(when: Extract<Answer['to'], { readonly kind: 'predicate' }>['when']): string {
  const { diskFormats, containerFormats, owners, names, properties, size, evidence } = when;
  const props = properties.map(({ name, patterns }) => [name, patterns]);
  const range = size === null ? null : [size.min, size.below];
  return JSON.stringify([diskFormats, containerFormats, owners, names, props, range, evidence], plainBigint);
}

function plainBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
