import type { certificateRecord } from '../../src/commands/rehearse/certificate.ts';
import { formatVersion } from './parts.ts';
import { amount, constant, count, describes, flag, list, object, orNull, text, word } from './schema.ts';

const times = (command: string) => list(amount('Seconds.'), `How long ${command} took, each time it ran.`);
const seconds = (command: string) => amount(`Seconds that ${command} is expected to take in production.`);

export const rehearse = describes<ReturnType<typeof certificateRecord>>(
  object({
    format_version: formatVersion,
    kind: constant('glance-retype rehearsal certificate', 'What the document is.'),
    verdict: word(['passed', 'failed'], 'Whether the rehearsal passed.'),
    reasons: list(text('For a person.'), 'Why it failed; empty where it passed.'),
    created_at: text('When the rehearsal began: ISO 8601 in UTC.'),
    tool_version: text('Version of glance-retype.'),
    database: text('Address of the source without secrets.'),
    server: text('Product and version of its server.'),
    era: text('The Glance release whose schema was found.'),
    scratch: text('Where it was rehearsed.'),
    scratch_server: text('Product and version of that server.'),
    images: orNull(count('Images that were copied.')),
    data_digest: orNull(text('Digest of the copied rows.')),
    tables: list(
      object({ name: text('Name of the table.'), rows: count('Rows copied.'), digest: text('Digest of the rows.') }),
      'The tables that were copied.',
    ),
    rules_digest: text('SHA-256 of the rule table, hex.'),
    answers_digest: orNull(text('SHA-256 of the answers, hex; null where no answers file was given.')),
    probe: text('Which images were looked into: all, undecided, off.'),
    target: word(['columns', 'table'], 'Where results go.'),
    pace: list(text('A word of the command line.'), 'Options about the pace, as they were given.'),
    results: orNull(
      object(
        {
          digest: text('Digest of all results.'),
          counts: list(
            object({
              status: text('Status of the decision.'),
              image_type: orNull(text('Image type.')),
              container_type: orNull(text('Container type.')),
              images: count('Number of images.'),
            }),
            'Images by result.',
          ),
        },
        'What was decided; null where it did not come to that.',
      ),
    ),
    kills: object(
      {
        asked: count('How often migrate was to be killed.'),
        done: count('How often it was killed.'),
        seed: count('The number that decided when.'),
        at: list(
          object({
            batches: count('Batches committed by then.'),
            rows: count('Rows committed by then.'),
            seconds: amount('Seconds after it was started.'),
          }),
          'When it was killed.',
        ),
      },
      'The kills of migrate.',
    ),
    checks: list(
      object({
        name: text('What was compared.'),
        passed: flag('Whether it was as expected.'),
        expected: text('What was expected.'),
        found: text('What was found.'),
      }),
      'What was compared.',
    ),
    differences: count('Checks and rows that differ.'),
    expected: orNull(
      object(
        {
          expand_seconds: seconds('expand'),
          migrate_seconds: seconds('migrate'),
          verify_seconds: seconds('verify'),
          rollback_seconds: seconds('rollback'),
          measured_seconds: object(
            {
              expand: times('expand'),
              migrate: times('migrate'),
              verify: times('verify'),
              rollback: times('rollback'),
            },
            'All times that were measured.',
          ),
          batches: count('Batches of migrate.'),
          journal_bytes: count("Bytes of the tool's own tables on the server."),
          method: text('How the times were found.'),
          caveats: list(text('For a person.'), 'What may make them other.'),
        },
        'What to expect in production; null where nothing can be said.',
      ),
    ),
    digest: text('SHA-256 over all other keys, as JSON.stringify writes them.'),
  }),
);
