import type { Dialect, TableBuilder } from '../db/dialect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';

/** Version of the layout below, stored in retype_meta. A tool that finds an unknown number refuses to work. */
export const JOURNAL_SCHEMA_VERSION = 4;

export const META_TABLE = 'retype_meta';
export const RUNS_TABLE = 'retype_runs';
export const LEASE_TABLE = 'retype_lease';
export const BATCHES_TABLE = 'retype_batches';
/** The shards of a run: key ranges for separate processes. */
export const SHARDS_TABLE = 'retype_shards';
/** Decisions with their evidence and legacy row, each distinct one once: most images share a few hundred. */
export const DECISIONS_TABLE = 'retype_decisions';
/** One narrow row per image with its decision and its batch. */
export const JOURNAL_TABLE = 'retype_journal';
/** The before-images of journal rows that a later run replaced. */
export const UNDO_TABLE = 'retype_undo';
/** A view: one row per image with its whole decision. The result of target `table`. */
export const IMAGES_VIEW = 'retype_images';

/**
 * All tables of expand in the order of creation; retype_meta comes first, because its state records the progress of
 * expand.
 */
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

/** The primary key of each table. */
export const TABLE_KEYS = {
  [META_TABLE]: ['id'],
  [RUNS_TABLE]: ['id'],
  [LEASE_TABLE]: ['id'],
  [BATCHES_TABLE]: ['run_id', 'batch'],
  [SHARDS_TABLE]: ['run_id', 'shards', 'shard'],
  [DECISIONS_TABLE]: ['decision_key'],
  [JOURNAL_TABLE]: ['image_id'],
  [UNDO_TABLE]: ['image_id', 'superseded_by'],
} as const;

/** One of the tool's own tables; `define` declares its columns and key with knex. */
export interface JournalTable {
  readonly name: string;
  readonly define: (table: TableBuilder) => void;
}

/**
 * The layout of the tool's own tables. None has a foreign key to `images`: Glance must never wait for this tool, and
 * its purge must never fail because of it (`purge_images_table` fails with 1451 on a restricting key). None has an
 * index beside its primary key: in MySQL that would be a second statement, and a process may be killed between the two.
 *
 * Columns that hold an image id copy type, character set and collation of `images.id` as found, so that joins use the
 * index and both sides sort alike. Positions are image ids or row numbers, as the table is read.
 */
export function journalTables(
  dialect: Pick<Dialect, 'columnType'>,
  { idColumn, scan }: Pick<GlanceSchema, 'idColumn' | 'scan'>,
): readonly JournalTable[] {
  const idType = dialect.columnType(idColumn);
  const table = (name: keyof typeof TABLE_KEYS, declare: (columns: Columns) => void): JournalTable => ({
    name,
    define: (built) => {
      declare(columnsOf(built, idType, scan));
      built.primary(TABLE_KEYS[name]);
    },
  });
  return [
    table(META_TABLE, (add) => {
      add.integer('id', 'schema_version');
      add.varchar(16, 'state', 'target');
      add.varchar(64, 'column_image_type', 'column_container_type', 'column_envelope');
      add.varchar(32, 'tool_version', 'created_at');
      add.bigint('pulse');
      add.seal();
    }),
    table(RUNS_TABLE, (add) => {
      add.integer('id');
      add.varchar(16, 'state');
      add.varchar(64, 'rules_digest');
      add.optionalVarchar(64, 'answers_digest');
      add.text('options');
      add.varchar(32, 'row_numbering', 'tool_version', 'started_at');
      add.optionalVarchar(32, 'finished_at');
      add.optionalText('counts', 'batches');
      add.integer('rows_undone', 'rows_restored');
      add.varchar(16, 'undone_sum');
      add.seal();
    }),
    table(LEASE_TABLE, (add) => {
      add.integer('id', 'shards');
      add.optionalVarchar(36, 'owner');
      add.optionalVarchar(255, 'host');
      add.optionalVarchar(128, 'process');
      add.optionalVarchar(64, 'purpose');
      add.optionalText('sessions');
      add.bigint('epoch', 'beats', 'heartbeat_ms');
    }),
    table(BATCHES_TABLE, (add) => {
      add.integer('run_id', 'batch');
      add.varchar(36, 'uuid');
      add.integer('pass');
      add.positions('after_key', 'until_key');
      add.integer('rows_read', 'rows_written');
      add.text('counts');
      add.varchar(32, 'committed_at');
      add.varchar(16, 'written_sum');
      add.integer('rows_dropped');
      add.varchar(16, 'dropped_sum');
      add.integer('rows_moved');
      add.seal();
    }),
    table(SHARDS_TABLE, (add) => {
      add.integer('run_id', 'shards', 'shard');
      add.positions('after_key', 'until_key');
      add.varchar(16, 'state');
      add.seal();
    }),
    table(DECISIONS_TABLE, (add) => {
      add.bigint('decision_key');
      add.varchar(16, 'status');
      add.optionalVarchar(16, 'image_type', 'container_type', 'envelope');
      add.varchar(128, 'rule');
      add.optionalVarchar(255, 'legacy_disk_format', 'legacy_container_format');
      add.varchar(64, 'glance_status');
      add.optionalText('candidates');
      add.text('evidence');
      add.optionalText('findings');
    }),
    table(JOURNAL_TABLE, (add) => {
      add.imageId();
      add.entry();
    }),
    table(UNDO_TABLE, (add) => {
      add.imageId();
      add.integer('superseded_by');
      add.entry();
    }),
  ];
}

type Columns = ReturnType<typeof columnsOf>;

/** The kinds of columns that the tables have. A text is MySQL's mediumtext, up to 16 MiB; elsewhere it has no bound. */
function columnsOf(table: TableBuilder, idType: string, scan: GlanceSchema['scan']) {
  const integer = (...names: readonly string[]): void => {
    for (const name of names) table.integer(name).notNullable();
  };
  const varchar = (length: number, ...names: readonly string[]): void => {
    for (const name of names) table.string(name, length).notNullable();
  };
  return {
    integer,
    varchar,
    bigint: (...names: readonly string[]): void => {
      for (const name of names) table.bigInteger(name).notNullable();
    },
    text: (name: string): void => {
      table.text(name, 'mediumtext').notNullable();
    },
    optionalVarchar: (length: number, ...names: readonly string[]): void => {
      for (const name of names) table.string(name, length).nullable();
    },
    optionalText: (...names: readonly string[]): void => {
      for (const name of names) table.text(name, 'mediumtext').nullable();
    },
    imageId: (): void => {
      table.specificType('image_id', idType).notNullable();
    },
    positions: (...names: readonly string[]): void => {
      for (const name of names) {
        (scan.kind === 'key' ? table.specificType(name, idType) : table.bigInteger(name)).nullable();
      }
    },
    /** What a journal row says of its image. */
    entry: (): void => {
      integer('run_id', 'batch');
      table.bigInteger('decision_key').notNullable();
    },
    /** A digest over the other columns, which shows a change from outside; see `seal.ts`. */
    seal: (): void => varchar(16, 'seal'),
  };
}

/** The columns of the view. */
export const IMAGES_SELECT = `SELECT r.image_id, r.run_id, r.batch, d.status, d.image_type, d.container_type, d.envelope, d.rule,
  r.decision_key, d.legacy_disk_format, d.legacy_container_format, d.glance_status, d.candidates, d.evidence, d.findings
  FROM ${JOURNAL_TABLE} r JOIN ${DECISIONS_TABLE} d ON d.decision_key = r.decision_key`;
