import { shellWord } from './shell-word.ts';

const WORD = String.raw`('(?:[^']|'\\'')*'|[^\s']+)`;
/** `glance-retype questions FILE`, and `glance-retype plan … --questions FILE`. */
const ANSWERED_IN = new RegExp(`^glance-retype questions ${WORD}`);
const WRITTEN_BY = new RegExp(`^glance-retype plan .*--questions ${WORD}`);

/** Where the questions of a plan are answered. */
export interface AnsweringWay {
  /** The command that writes the questions; null where they were written. */
  readonly write: string | null;
  /** As a shell reads it. */
  readonly file: string;
}

/**
 * How to answer, by the commands that are suggested.
 *
 * @param usual the file where none of them names one.
 */
export function answeringWay(next: readonly string[], usual = 'answers.yaml'): AnsweringWay {
  for (const line of next) {
    const answered = ANSWERED_IN.exec(line)?.[1];
    if (answered !== undefined) return { write: null, file: answered };
    const written = WRITTEN_BY.exec(line)?.[1];
    if (written !== undefined) return { write: line, file: written };
  }
  const file = shellWord(usual);
  return { write: `glance-retype plan --questions ${file}`, file };
}
