import type { errorRecord } from '../../src/report/records/error-record.ts';
import { errorCode, errorTitle, exitCode, formatVersion, problems } from './parts.ts';
import { describes, object, text } from './schema.ts';

export const error = describes<ReturnType<typeof errorRecord>>(
  object({
    format_version: formatVersion,
    error: object(
      {
        code: errorCode,
        title: errorTitle,
        text: text('What happened, whether anything was written, what to do.'),
        exit_code: exitCode,
        problems,
      },
      'Why the command has no result.',
    ),
  }),
);
