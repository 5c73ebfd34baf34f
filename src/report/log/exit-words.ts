import type { ExitCode } from '../../model/error-codes.ts';

/** What each exit code means, for the last line of a log. */
export const EXIT_WORDS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'internal error',
  2: 'usage or configuration',
  3: 'stopped, resumable',
  4: 'undecided rows',
  5: 'refused by a preflight check',
  6: 'lease held by another run',
  7: 'difference found',
  8: 'the environment failed',
};
