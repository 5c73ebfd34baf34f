import { ERRORS, type ErrorCode, type ExitCode } from './error-codes.ts';

/** One thing that is wrong, in the four parts that every message of this tool has. No part ever contains a password. */
export interface Problem {
  /** Where: `config/rules.yaml:12 rows[3].when.disk`, `--batch-size`, `images.image_type`. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  /** What to do about it. */
  readonly advice: string;
}

/** An expected error: it is registered, explained, and has an exit code. */
export class RetypeError extends Error {
  override readonly name = 'RetypeError';
  readonly code: ErrorCode;
  readonly problems: readonly [Problem, ...Problem[]];

  /** `wrong` is everything that is wrong. `cause` is printed if GLANCE_RETYPE_DEBUG is set. */
  constructor(code: ErrorCode, wrong: Problem | readonly [Problem, ...Problem[]], cause?: unknown) {
    const problems = 'place' in wrong ? ([wrong] as const) : wrong;
    super(formatProblems(code, problems), cause === undefined ? undefined : { cause });
    this.code = code;
    this.problems = problems;
  }

  get exitCode(): ExitCode {
    return ERRORS[this.code].exit;
  }
}

function formatProblems(code: ErrorCode, problems: readonly Problem[]): string {
  const lines = problems.map(
    (problem) =>
      `  at       ${problem.place}\n  expected ${problem.expected}\n  found    ${problem.found}\n  do       ${problem.advice}`,
  );
  return `${code}: ${ERRORS[code].title}\n${lines.join('\n\n')}`;
}
