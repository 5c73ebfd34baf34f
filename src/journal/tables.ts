import type { ColumnInfo, ColumnSpec, TableSpec } from '../db/dialect.ts';

/** Version of the layout below, kept in retype_meta. A tool that meets a number it does not know refuses to touch anything. */
export const JOURNAL_SCHEMA_VERSION = 1;

export const META_TABLE = 'retype_meta';
export const RUNS_TABLE = 'retype_runs';
export const LEASE_TABLE = 'retype_lease';
export const BATCHES_TABLE = 'retype_batches';
export const IMAGES_TABLE = 'retype_images';
/** Evidence, candidates and findings, each distinct set once: most images share a few hundred of them. */
export const EVIDENCE_TABLE = 'retype_evidence';
/** What a re-run replaced: the before-images of journal rows. */
export const UNDO_TABLE = 'retype_undo';

/** All tables that expand makes, in the order of creation; retype_meta first, because its state says how far the rest got. */
export const JOURNAL_TABLES = [
  META_TABLE,
  RUNS_TABLE,
  LEASE_TABLE,
  BATCHES_TABLE,
  EVIDENCE_TABLE,
  IMAGES_TABLE,
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
const bigint = (name: string): ColumnSpec => ({ name, type: { kind: 'bigint' }, nullability: 'not-null' });

/**
 * The layout of the tool's own tables. None has a foreign key to `images`: Glance must never wait for this tool, and its purge
 * must never fail because of it (reference: `purge_images_table` fails with 1451 on a restricting key).
 *
 * @param imageId the column `images.id` as found; keys that hold an image id copy its type, character set and collation, so
 * that joins use the index and both sides sort alike.
 */
export function journalTables(imageId: ColumnInfo): readonly TableSpec[] {
  const key = (name: string, nullability: ColumnSpec['nullability'] = 'not-null'): ColumnSpec => ({
    name,
    type: { kind: 'key-copy', of: imageId },
    nullability,
  });
  const decision: readonly ColumnSpec[] = [
    integer('run_id'),
    integer('batch'),
    varchar('status', 16),
    varchar('image_type', 16, 'null'),
    varchar('container_type', 16, 'null'),
    varchar('envelope', 16, 'null'),
    varchar('rule', 128),
    varchar('evidence_key', 16),
    varchar('legacy_disk_format', 255, 'null'),
    varchar('legacy_container_format', 255, 'null'),
    varchar('glance_status', 64),
  ];
  return [
    {
      name: META_TABLE,
      columns: [
        integer('id'),
        integer('schema_version'),
        varchar('state', 16),
        varchar('target', 16),
        varchar('column_image_type', 64),
        varchar('column_container_type', 64),
        varchar('column_envelope', 64),
        varchar('tool_version', 32),
        varchar('created_at', 32),
      ],
      primaryKey: ['id'],
      indexes: [],
    },
    {
      name: RUNS_TABLE,
      columns: [
        integer('id'),
        varchar('state', 16),
        varchar('rules_digest', 64),
        varchar('decisions_digest', 64, 'null'),
        text('options', 'not-null'),
        varchar('tool_version', 32),
        varchar('started_at', 32),
        varchar('finished_at', 32, 'null'),
        text('counts'),
      ],
      primaryKey: ['id'],
      indexes: [],
    },
    {
      name: LEASE_TABLE,
      columns: [
        integer('id'),
        varchar('owner', 36, 'null'),
        varchar('host', 255, 'null'),
        varchar('process', 128, 'null'),
        varchar('purpose', 32, 'null'),
        bigint('epoch'),
        bigint('heartbeat_ms'),
        bigint('expires_ms'),
      ],
      primaryKey: ['id'],
      indexes: [],
    },
    {
      name: BATCHES_TABLE,
      columns: [
        integer('run_id'),
        integer('batch'),
        varchar('uuid', 36),
        integer('pass'),
        key('first_key'),
        key('last_key'),
        integer('rows_read'),
        integer('rows_written'),
        text('counts', 'not-null'),
        varchar('committed_at', 32),
      ],
      primaryKey: ['run_id', 'batch'],
      indexes: [{ name: 'uuid', columns: ['uuid'] }],
    },
    {
      name: EVIDENCE_TABLE,
      columns: [varchar('evidence_key', 16), text('candidates'), text('evidence', 'not-null'), text('findings')],
      primaryKey: ['evidence_key'],
      indexes: [],
    },
    { name: IMAGES_TABLE, columns: [key('image_id'), ...decision], primaryKey: ['image_id'], indexes: [] },
    {
      name: UNDO_TABLE,
      columns: [key('image_id'), integer('superseded_by'), ...decision],
      primaryKey: ['image_id', 'superseded_by'],
      indexes: [],
    },
  ];
}
