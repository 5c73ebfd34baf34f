import { byStatus, formatVersion } from './parts.ts';
import { constant, count, list, object, oneOf, orNull, text, word } from './schema.ts';

const database = text('Address of the database without secrets.');

const lease = object(
  {
    shard: orNull(text('The part of the table that it is on, 1/4; null: all of it.')),
    host: orNull(text('The machine of the process that holds it.')),
    process: orNull(text('Id of that process.')),
    purpose: orNull(text('The command that runs: expand, migrate, rollback, contract.')),
    silent_ms: count("Milliseconds since the last sign of life, by the server's clock."),
  },
  'Who works on the database; null: nobody.',
);

const run = object({
  id: count('Id of the run.'),
  state: word(['active', 'complete', 'abandoned', 'rolled-back'], 'State of the run.'),
  rules_digest: text('SHA-256 of the rule table, hex.'),
  tool_version: text('Version of glance-retype that began it.'),
  started_at: text('ISO 8601 in UTC.'),
  finished_at: orNull(text('ISO 8601 in UTC; null while it is not finished.')),
  batches: count('Batches committed.'),
  rows_read: count('Rows read.'),
  rows_written: count('Journal rows written.'),
  counts: byStatus,
  checkpoint: object(
    {
      batch: count('Number of the last batch.'),
      pass: count('Its pass over the table.'),
      watermark: orNull(text('Id of the last image before the first gap; null: nothing, or everything, is covered.')),
    },
    'How far it got.',
  ),
  gaps: count('Parts of the table that the first pass has not covered; the last has no end.'),
});

export const status = oneOf(
  'The state of the migration.',
  object({
    format_version: formatVersion,
    database,
    state: word(
      ['not-expanded', 'expanding', 'removing', 'contracting'],
      'not-expanded: nothing is there; else: a change of the schema is half done, the same command finishes it.',
    ),
  }),
  object({
    format_version: formatVersion,
    database,
    state: constant('expanded', 'The tables are there.'),
    target: word(['columns', 'table'], 'Where results are stored.'),
    lease: orNull(lease),
    leases: list(lease, 'All leases: one, or one for each shard.'),
    stored: byStatus,
    unsettled: count('Live images that migrate has not written, or that changed since.'),
    runs: list(run, 'All runs, oldest first.'),
  }),
);
