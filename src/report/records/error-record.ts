import { ERRORS, type ErrorText } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';
import { FORMAT_VERSION } from './format-version.ts';

/** Why a command has no result, as a JSON document. A bug of ours is `INTERNAL`, without problems. */
export function errorRecord(error: unknown) {
  const code = error instanceof RetypeError ? error.code : 'INTERNAL';
  const { title, text, exit } = ERRORS[code] as ErrorText;
  const problems = error instanceof RetypeError ? error.problems : [];
  return {
    format_version: FORMAT_VERSION,
    error: {
      code,
      title,
      text,
      exit_code: exit,
      problems: problems.map(({ place, expected, found, advice }) => ({ place, expected, found, advice })),
    },
  };
}
