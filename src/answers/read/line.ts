import type { Problem } from '../../model/error.ts';
import { describe, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';

/** Characters of an author, a date or a reason, at most. */
export const NOTE_LENGTH = 1_000;
/** Control characters, line breaks, and halves of surrogate pairs, which no database keeps. */
export const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

interface TextWanted {
  /** `a reason` */
  readonly what: string;
  readonly longest: number;
}

/**
 * A scalar as it was written; null, after a problem, where it is none. Any character will do, because names in a
 * database have had them all.
 */
export function readText(node: Located, { what, longest }: TextWanted, problems: Problem[]): string | null {
  const text = node.kind === 'scalar' ? node.text : null;
  if (text !== null && text.length <= longest) return text;
  const expected = `${what}, of at most ${longest} characters`;
  problems.push({ place: node.place, expected, found: describe(node), advice: 'correct the value' });
  return null;
}

/** A scalar as it was written, on one line; null, after a problem, where it is none. Blanks at both ends count. */
export function readLine(node: Located, { what, longest }: TextWanted, problems: Problem[]): string | null {
  const text = node.kind === 'scalar' ? node.text : null;
  if (text !== null && text !== '' && text.length <= longest && !UNFIT.test(text)) return text;
  wrong(
    node,
    `${what}: one line of at most ${longest} characters, without control characters`,
    'correct the value',
    problems,
  );
  return null;
}

/** An author, a date or a reason; null where there is none. */
export function readNote(node: Located | undefined, what: string, problems: Problem[]): string | null {
  if (isNothing(node)) return null;
  return node === undefined ? null : (readLine(node, { what, longest: NOTE_LENGTH }, problems)?.trim() ?? null);
}

/** A key that is not there, has no value, or a blank one. */
export function isNothing(node: Located | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && (node.text === null || node.text.trim() === ''));
}
