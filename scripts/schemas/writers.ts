import type { migrateRecord } from '../../src/commands/documents/migrate-record.ts';
import type { rollbackRecord } from '../../src/commands/documents/rollback-record.ts';
import type { contractRecord, expandRecord } from '../../src/commands/documents/schema-records.ts';
import { byStatus, sampleIds, writerHead } from './parts.ts';
import { amount, byWord, count, describes, flag, list, object, orNull, text, word } from './schema.ts';

const names = (description: string) => list(text('A name.'), description);
const target = word(['columns', 'table'], 'Where results are stored.');
const stoppedBy = orNull(
  word(
    ['signal', 'max-time', 'max-batches'],
    'What stopped it: a signal, or the end of its window; null if nothing did.',
  ),
);

export const expand = describes<ReturnType<typeof expandRecord>>(
  object({
    ...writerHead(['done', 'already-expanded', 'stopped'], 'stopped: the same command finishes it.'),
    target,
    column_names: orNull(
      object(
        {
          image_type: text('Column for the image type.'),
          container_type: text('Column for the container type.'),
          envelope: text('Column for the envelope.'),
        },
        'The result columns of images; null with target table.',
      ),
    ),
    columns_added: names('Columns that this command added to images.'),
    tables_created: names('Tables and views that this command made.'),
  }),
);

export const migrate = describes<ReturnType<typeof migrateRecord>>(
  object({
    ...writerHead(
      ['complete', 'stopped'],
      'Of everything, or of the shard. stopped: nothing is lost, the command in `next` continues.',
    ),
    stopped_by: stoppedBy,
    run: object(
      {
        id: count('Id of the run.'),
        state: word(['complete', 'open', 'stopped'], 'open: this shard is complete and others are not.'),
        resumed: flag('Whether the run was begun by an earlier command.'),
        rules_digest: text('SHA-256 of the rule table, hex.'),
        started_at: text('When the run began: ISO 8601 in UTC.'),
      },
      'The run that this command worked on.',
    ),
    shard: orNull(text('The part of the table, 1/4; null for all of it.')),
    shards_left: list(count('Number of a shard.'), 'Shards that are not complete.'),
    rows_done: count('Rows of the table, or of the shard, in parts that are covered by batches.'),
    rows: count('All rows of the table, or of the shard.'),
    rows_read: count('Rows that the run has read.'),
    rows_written: count('Journal rows that the run has written.'),
    rows_written_now: count('Of these, rows written by this command.'),
    batches: count('Batches of the run.'),
    passes: count('Passes over the table by this command.'),
    counts: byStatus,
    left_alone: object(
      { count: count('Number of images.'), sample_ids: sampleIds },
      'Images whose result columns hold values of another program.',
    ),
    still_changing: count(
      'Rows that the last pass wrote, where Glance changes them as fast as migrate decides; else 0.',
    ),
    seconds: byWord(
      ['read', 'decide', 'write', 'wait'],
      (phase) => amount(`Seconds spent on: ${phase}.`),
      'Where the time went. Phases overlap, so the sum may exceed the elapsed time.',
    ),
  }),
);

export const rollback = describes<ReturnType<typeof rollbackRecord>>(
  object({
    ...writerHead(
      ['finished', 'stopped', 'nothing-to-undo'],
      'stopped: nothing is lost, the command in `next` continues.',
    ),
    stopped_by: stoppedBy,
    scope: object(
      {
        kind: word(['everything', 'from-run', 'owner', 'image'], 'What was to be undone.'),
        run: orNull(count('The run, where it is that one and all later ones.')),
        owner: orNull(text('The owner, where it is one.')),
        image: orNull(text('The image, where it is one.')),
      },
      'What was to be undone.',
    ),
    undone: count('Images whose results were taken back by this command.'),
    runs: list(count('Id of a run.'), 'Runs that were undone.'),
    conflicts: object(
      { count: count('Number of images.'), sample_ids: sampleIds },
      'Images left alone, because their result columns hold values of another program.',
    ),
    schema: word(
      ['restored', 'kept'],
      "restored: as before expand; kept: the result columns and the tool's own tables are there.",
    ),
  }),
);

export const contract = describes<ReturnType<typeof contractRecord>>(
  object({
    ...writerHead(['done', 'already-contracted', 'stopped'], 'stopped: the same command finishes it.'),
    target: orNull(target),
    dropped: names('Tables and views that were to be dropped.'),
  }),
);
