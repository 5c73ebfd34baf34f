import type { configRecord } from '../../src/commands/session/show-config.ts';
import { formatVersion } from './parts.ts';
import { constant, describes, list, object, text } from './schema.ts';

const facts = (description: string) =>
  list(
    object({
      name: text('What it is.'),
      value: text('Its value; secrets are masked.'),
      source: text('Where it is set: an option, a file with its line, a variable, or default.'),
    }),
    description,
  );

export const showConfig = describes<ReturnType<typeof configRecord>>(
  object({
    format_version: formatVersion,
    kind: constant('configuration', 'What the document is.'),
    database: facts('How the database is reached.'),
    stores: facts('Where the images lie.'),
    deciding: facts('What decides.'),
    files: list(text('A file.'), 'Files that were read, in order.'),
    remarks: list(text('For a person.'), 'What should be known about it.'),
  }),
);
