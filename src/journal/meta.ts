import type { Database, Executor } from '../db/database.ts';
import { RetypeError } from '../model/error.ts';
import { JOURNAL_SCHEMA_VERSION, META_TABLE } from './tables.ts';

/** Where results go; chosen at expand and remembered. */
export type Target =
  | { readonly kind: 'columns'; readonly names: ColumnNames }
  /** The journal alone, read through the view retype_images; `images` is never altered or written. */
  | { readonly kind: 'table' };

export function sameTarget(left: Target, right: Target): boolean {
  if (left.kind === 'table' || right.kind === 'table') return left.kind === right.kind;
  return columnList(left.names).join() === columnList(right.names).join();
}

/** Names of the result columns on `images`. */
export interface ColumnNames {
  readonly imageType: string;
  readonly containerType: string;
  readonly envelope: string;
}

/** Characters of a result column; `xenserver-tgz`, the longest value, has 13. */
export const RESULT_COLUMN_LENGTH = 16;

export const DEFAULT_COLUMN_NAMES: ColumnNames = {
  imageType: 'image_type',
  containerType: 'container_type',
  envelope: 'envelope',
};

/**
 * `expanding`: DDL under way, step by step; expand finishes it, and rollback takes it back. `removing`: a complete rollback drops everything.
 * `contracting`: contract drops the tool's tables. Both go on when their command is run again.
 */
export type MetaState = 'expanding' | 'expanded' | 'removing' | 'contracting';

export interface JournalMeta {
  readonly state: MetaState;
  readonly target: Target;
  readonly toolVersion: string;
  readonly createdAt: string;
}

const STATES: readonly string[] = ['expanding', 'expanded', 'removing', 'contracting'] satisfies readonly MetaState[];

/**
 * Reads retype_meta.
 * @returns null where the table is there but empty: expand was killed before its first row.
 * @throws RetypeError META_UNKNOWN for a layout of another version.
 */
export async function readMeta(executor: Executor): Promise<JournalMeta | null> {
  const [row] = await executor.query(`SELECT * FROM ${META_TABLE} WHERE id = 1`);
  if (row === undefined) {
    return null;
  }
  const version = Number(row['schema_version']);
  const state = String(row['state']);
  if (version !== JOURNAL_SCHEMA_VERSION || !STATES.includes(state)) {
    throw new RetypeError('META_UNKNOWN', [
      {
        place: META_TABLE,
        expected: `schema_version ${JOURNAL_SCHEMA_VERSION}`,
        found: `schema_version ${version}, state ${state}, made by glance-retype ${String(row['tool_version'])}`,
        advice: 'use the version that made these tables, or a newer one',
      },
    ]);
  }
  return {
    state: state as MetaState,
    target:
      row['target'] === 'table'
        ? { kind: 'table' }
        : {
            kind: 'columns',
            names: {
              imageType: String(row['column_image_type']),
              containerType: String(row['column_container_type']),
              envelope: String(row['column_envelope']),
            },
          },
    toolVersion: String(row['tool_version']),
    createdAt: String(row['created_at']),
  };
}

/** Writes the one row of retype_meta; one that is there already stays as it is. */
export async function insertMissingMeta(database: Database, meta: JournalMeta): Promise<void> {
  const names = meta.target.kind === 'columns' ? columnList(meta.target.names) : ['', '', ''];
  await database.transaction(async (trx) =>
    database.dialect.insertMissingRows(
      trx,
      META_TABLE,
      [
        'id',
        'schema_version',
        'state',
        'target',
        'column_image_type',
        'column_container_type',
        'column_envelope',
        'tool_version',
        'created_at',
        'pulse',
      ],
      [[1, JOURNAL_SCHEMA_VERSION, meta.state, meta.target.kind, ...names, meta.toolVersion, meta.createdAt, 0]],
    ),
  );
}

/** A write of no meaning, as small as one can be; committed like any other. */
export async function writePulse(executor: Executor): Promise<void> {
  await executor.execute(`UPDATE ${META_TABLE} SET pulse = pulse + 1 WHERE id = 1`);
}

export async function setMetaState(executor: Executor, state: MetaState): Promise<void> {
  await executor.execute(`UPDATE ${META_TABLE} SET state = ? WHERE id = 1`, [state]);
}

export function columnList(names: ColumnNames): readonly [string, string, string] {
  return [names.imageType, names.containerType, names.envelope];
}
