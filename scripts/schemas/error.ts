import { type ErrorCode, ERRORS } from '../../src/model/error-codes.ts';
import type { errorRecord } from '../../src/report/records/error-record.ts';
import { formatVersion } from './parts.ts';
import { describes, list, number, object, text, word } from './schema.ts';

export const error = describes<ReturnType<typeof errorRecord>>(
  object({
    format_version: formatVersion,
    error: object(
      {
        code: word(Object.keys(ERRORS) as readonly ErrorCode[], 'Code of the error; docs/reference.md explains it.'),
        title: text('What failed, one line.'),
        text: text('What happened, whether anything was written, what to do.'),
        exit_code: number([0, 1, 2, 3, 4, 5, 6, 7, 8], 'The exit code of the command.'),
        problems: list(
          object({
            place: text('Where: an option, a file with its line, a table.'),
            expected: text('What was expected there.'),
            found: text('What was found.'),
            advice: text('What to do about it.'),
          }),
          'Everything that is wrong.',
        ),
      },
      'Why the command has no result.',
    ),
  }),
);
