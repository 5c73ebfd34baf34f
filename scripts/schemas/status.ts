import type { statusRecord } from '../../src/commands/status-text.ts';
import { byStatus, formatVersion } from './parts.ts';
import { amount, constant, count, describes, list, object, oneOf, orNull, text, word } from './schema.ts';

const database = text('Address of the database without secrets.');

const pid = count('Id of the process on its machine.');

const lease = object(
  {
    shard: orNull(text('The part of the table that it is on, 1/4; null: all of it.')),
    host: orNull(text('The machine of the process that holds it.')),
    process: orNull(text('What tells that process from all others: host, boot and start time are in it.')),
    pid: orNull(pid),
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

const percent = amount('Rows done of all rows, in percent; one digit after the point.');
const steps = list(
  text('A command, perhaps with a remark behind `#`, or what to wait for.'),
  'What to do next, in order.',
);

const progress = object(
  {
    run_id: count('The run that is not complete.'),
    rows_done: count('Rows in parts of the table that its batches cover.'),
    rows: count('All rows of the table.'),
    last_batch_at: orNull(text('When the last batch was committed, ISO 8601 in UTC; null before the first.')),
    shards: list(
      object({
        shard: text('1/4'),
        state: word(['open', 'complete'], 'Whether it is done.'),
        rows_done: count('Rows of the shard that are done.'),
        rows: count('All rows of the shard.'),
        percent: orNull(percent),
      }),
      'The parts of the table, where the run is cut into shards.',
    ),
  },
  'How far the first pass of the open run is; null where no run is open.',
);

export const status = describes<ReturnType<typeof statusRecord>>(
  oneOf(
    'The state of the migration.',
    object({
      format_version: formatVersion,
      database,
      state: word(
        ['not-expanded', 'expanding', 'expanded', 'removing', 'contracting'],
        'not-expanded: nothing is there; else: a change of the schema is half done, the command in `next` finishes it.',
      ),
      next: steps,
    }),
    object({
      format_version: formatVersion,
      database,
      state: constant('expanded', 'The tables are there.'),
      target: word(['columns', 'table'], 'Where results are stored.'),
      percent: orNull(percent),
      rows_per_second: orNull(amount('Pace of the last batches; null where nobody works, or too little is known.')),
      seconds_left: orNull(count('Seconds that the first pass will still take; null where that is not known.')),
      host: orNull(text('The machine of the process that works, or worked last; null where no lease is held.')),
      pid: orNull(pid),
      next: steps,
      progress: orNull(progress),
      lease: orNull(lease),
      leases: list(lease, 'All leases: one, or one for each shard.'),
      gone: list(lease, 'Leases whose processes have ended or hang; the next command takes them over.'),
      stored: byStatus,
      unsettled: count('Live images that migrate has not written, or that changed since.'),
      runs: list(run, 'All runs, oldest first.'),
    }),
  ),
);
