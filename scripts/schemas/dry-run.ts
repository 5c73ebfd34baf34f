import type { dryRunRecord } from '../../src/commands/documents/dry-run-record.ts';
import { ERROR_CODES } from '../../src/model/error-codes.ts';
import { DECISION_STATUSES } from '../../src/model/vocabulary.ts';
import { sampleIds, writerHead } from './parts.ts';
import { count, describes, list, number, object, orNull, text, word } from './schema.ts';

const written = {
  written: count('Images that would be written for the first time.'),
  rewritten: count('Images that would be written again, because their decision is another one now.'),
  stored: count('Images that are stored exactly so, and stay as they are.'),
};

export const dryRun = describes<ReturnType<typeof dryRunRecord>>(
  object({
    ...writerHead(['dry-run'], 'Nothing was written.'),
    exit_code: number([0, 1, 2, 3, 5, 6, 7, 8], 'The exit code of this dry run: 5 where the command would be refused.'),
    command: word(['expand', 'migrate', 'rollback', 'contract'], 'The command whose dry run it is.'),
    refusals: list(
      object({
        code: word(ERROR_CODES, 'What is wrong.'),
        place: text('What it is about.'),
        expected: text('What would have to be there.'),
        found: text('What is there.'),
        advice: text('What to do.'),
      }),
      'What the command would be refused for; empty where nothing is in the way.',
    ),
    statements: list(text('A statement.'), 'Changes of the schema, in their order.'),
    migrate: orNull(
      object(
        {
          rows_read: count('Rows read, soft-deleted ones included.'),
          soft_deleted: count('Soft-deleted images: counted, never written.'),
          ...written,
          left_alone: object(
            { count: count('Number of images.'), sample_ids: sampleIds },
            'Images whose result columns hold values of another program.',
          ),
          decisions: list(
            object({
              status: word(DECISION_STATUSES, 'Status of the decision.'),
              image_type: orNull(text('The image type; null where none is decided.')),
              container_type: orNull(text('The container type; null where none is decided.')),
              envelope: orNull(text('The envelope; null where there is none.')),
              ...written,
              left_alone: count('Images that would be left alone.'),
            }),
            'The same by decision, the most frequent first.',
          ),
        },
        'What migrate would write; null for other commands.',
      ),
    ),
    rollback: orNull(
      object(
        {
          runs: list(count('Id of a run.'), 'The runs that would be undone, newest first.'),
          images: count('Images whose results would be taken back.'),
          undone: count('Journal rows that would be undone: several for an image that several runs have written.'),
          restored: count('Images of these that would have the result of an earlier run again.'),
          conflicts: object(
            { count: count('Number of images.'), sample_ids: sampleIds },
            'Images left alone, because their result columns hold values of another program.',
          ),
        },
        'What rollback would undo; null for other commands.',
      ),
    ),
  }),
);
