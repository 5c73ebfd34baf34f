import type { ColumnSpec, TableSpec } from '../db/dialect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';

/** Version of the layout below, kept in retype_meta. A tool that meets a number it does not know refuses to touch anything. */
export const JOURNAL_SCHEMA_VERSION = 3;

export const META_TABLE = 'retype_meta';
export const RUNS_TABLE = 'retype_runs';
export const LEASE_TABLE = 'retype_lease';
export const BATCHES_TABLE = 'retype_batches';
/** The cut of a run into shards: key ranges for processes of their own. */
export const SHARDS_TABLE = 'retype_shards';
/** Decisions with their evidence and the legacy row they were made on, each distinct one once: most images share a few hundred. */
export const DECISIONS_TABLE = 'retype_decisions';
/** One narrow row an image, that names its decision and its batch. */
export const JOURNAL_TABLE = 'retype_journal';
/** What a re-run replaced: the before-images of journal rows. */
export const UNDO_TABLE = 'retype_undo';
/** A view: one row an image with everything that its decision says. The result of target `table`. */
export const IMAGES_VIEW = 'retype_images';

/** All tables that expand makes, in the order of creation; retype_meta first, because its state says how far the rest got. */
export const JOURNAL_TABLES = [
  META_TABLE,
  RUNS_TABLE,
  LEASE_TABLE,
  BATCHES_TABLE,
  SHARDS_TABLE,
  DECISIONS_TABLE,
  JOURNAL_TABLE,
  UNDO_TABLE,
] as const;

const text = (name: string, nullability: ColumnSpec['nullability'] = 'null'): ColumnSpec => ({
  name,
  type: { kind: 'text' },
  nullability,
});
const varchar = (name: string, length: number, nullability: ColumnSpec['nullability'] = 'not-null'): ColumnSpec => ({
  name,
  type: { kind: 'varchar', length },
  nullability,
});
const integer = (name: string): ColumnSpec => ({ name, type: { kind: 'integer' }, nullability: 'not-null' });
/** A digest over the columns before it, by which a change from outside shows; see `seal.ts`. */
const seal = varchar('seal', 16);
const bigint = (name: string): ColumnSpec => ({ name, type: { kind: 'bigint' }, nullability: 'not-null' });

/**
 * The layout of the tool's own tables. None has a foreign key to `images`: Glance must never wait for this tool, and its purge
 * must never fail because of it (reference: `purge_images_table` fails with 1451 on a restricting key).
 *
 * Columns that hold an image id copy type, character set and collation of `images.id` as found, so that joins use the index and both
 * sides sort alike. Positions are ids or row numbers, as the table is gone through.
 */
export function journalTables({ idColumn, scan }: Pick<GlanceSchema, 'idColumn' | 'scan'>): readonly TableSpec[] {
  const imageId: ColumnSpec = { name: 'image_id', type: { kind: 'key-copy', of: idColumn }, nullability: 'not-null' };
  const position = (name: string): ColumnSpec =>
    scan.kind === 'key'
      ? { name, type: { kind: 'key-copy', of: idColumn }, nullability: 'null' }
      : { name, type: { kind: 'bigint' }, nullability: 'null' };
  const table = (
    name: string,
    columns: readonly ColumnSpec[],
    primaryKey: readonly string[],
    indexes: TableSpec['indexes'] = [],
  ): TableSpec => ({ name, columns, primaryKey, indexes });
  const entry = [integer('run_id'), integer('batch'), varchar('decision_key', 16)];
  return [
    table(
      META_TABLE,
      [
        integer('id'),
        integer('schema_version'),
        varchar('state', 16),
        varchar('target', 16),
        varchar('column_image_type', 64),
        varchar('column_container_type', 64),
        varchar('column_envelope', 64),
        varchar('tool_version', 32),
        varchar('created_at', 32),
        bigint('pulse'),
        seal,
      ],
      ['id'],
    ),
    table(
      RUNS_TABLE,
      [
        integer('id'),
        varchar('state', 16),
        varchar('rules_digest', 64),
        varchar('answers_digest', 64, 'null'),
        text('options', 'not-null'),
        varchar('row_numbering', 32),
        varchar('tool_version', 32),
        varchar('started_at', 32),
        varchar('finished_at', 32, 'null'),
        text('counts'),
        text('batches'),
        integer('rows_undone'),
        integer('rows_restored'),
        varchar('undone_sum', 16),
        seal,
      ],
      ['id'],
    ),
    table(
      LEASE_TABLE,
      [
        integer('id'),
        integer('shards'),
        varchar('owner', 36, 'null'),
        varchar('host', 255, 'null'),
        varchar('process', 128, 'null'),
        varchar('purpose', 64, 'null'),
        text('sessions'),
        bigint('epoch'),
        bigint('beats'),
        bigint('heartbeat_ms'),
      ],
      ['id'],
    ),
    table(
      BATCHES_TABLE,
      [
        integer('run_id'),
        integer('batch'),
        varchar('uuid', 36),
        integer('pass'),
        position('after_key'),
        position('until_key'),
        integer('rows_read'),
        integer('rows_written'),
        text('counts', 'not-null'),
        varchar('committed_at', 32),
        varchar('written_sum', 16),
        integer('rows_dropped'),
        varchar('dropped_sum', 16),
        integer('rows_moved'),
        seal,
      ],
      ['run_id', 'batch'],
      [{ name: 'uuid', columns: ['uuid'] }],
    ),
    table(
      SHARDS_TABLE,
      [
        integer('run_id'),
        integer('shards'),
        integer('shard'),
        position('after_key'),
        position('until_key'),
        varchar('state', 16),
        seal,
      ],
      ['run_id', 'shards', 'shard'],
    ),
    table(
      DECISIONS_TABLE,
      [
        varchar('decision_key', 16),
        varchar('status', 16),
        varchar('image_type', 16, 'null'),
        varchar('container_type', 16, 'null'),
        varchar('envelope', 16, 'null'),
        varchar('rule', 128),
        varchar('legacy_disk_format', 255, 'null'),
        varchar('legacy_container_format', 255, 'null'),
        varchar('glance_status', 64),
        text('candidates'),
        text('evidence', 'not-null'),
        text('findings'),
      ],
      ['decision_key'],
    ),
    table(JOURNAL_TABLE, [imageId, ...entry], ['image_id']),
    table(UNDO_TABLE, [imageId, integer('superseded_by'), ...entry], ['image_id', 'superseded_by']),
  ];
}

/** What the view shows of each image. */
export const IMAGES_SELECT = `SELECT r.image_id, r.run_id, r.batch, d.status, d.image_type, d.container_type, d.envelope, d.rule,
  r.decision_key, d.legacy_disk_format, d.legacy_container_format, d.glance_status, d.candidates, d.evidence, d.findings
  FROM ${JOURNAL_TABLE} r JOIN ${DECISIONS_TABLE} d ON d.decision_key = r.decision_key`;
