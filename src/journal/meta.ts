import type { Database, Executor, Observer } from '../db/database.ts';
import { RetypeError } from '../model/error.ts';
import { isSealed, type SealedColumns, sealOf } from './seal.ts';
import { JOURNAL_SCHEMA_VERSION, META_TABLE } from './tables.ts';

/** Where results are written; chosen at expand and stored. */
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
 * `expanding`: expand is changing the schema step by step; expand finishes it, rollback undoes it. `removing`: a
 * complete rollback is dropping everything. `contracting`: contract is dropping the tool's tables. Running the same
 * command again continues.
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
 * @returns null where the table is empty: expand was killed before it wrote the row.
 * @throws RetypeError META_UNKNOWN for a layout of another version.
 */
export async function readMeta(executor: Executor): Promise<JournalMeta | null> {
  const [row] = await executor.query((knex) => knex(META_TABLE).where({ id: 1 }));
  if (row === undefined) {
    return null;
  }
  const version = Number(row['schema_version']);
  const state = String(row['state']);
  if (version !== JOURNAL_SCHEMA_VERSION || !STATES.includes(state)) {
    throw new RetypeError('META_UNKNOWN', {
      place: META_TABLE,
      expected: `schema_version ${JOURNAL_SCHEMA_VERSION}`,
      found: `schema_version ${version}, state ${state}, made by glance-retype ${String(row['tool_version'])}`,
      advice: 'use the version that made these tables, or a newer one',
    });
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

/** Writes the one row of retype_meta unless it is there already. */
export async function insertMissingMeta(database: Database, meta: JournalMeta): Promise<void> {
  const names = meta.target.kind === 'columns' ? meta.target.names : { imageType: '', containerType: '', envelope: '' };
  const row = {
    id: 1,
    schema_version: JOURNAL_SCHEMA_VERSION,
    state: meta.state,
    target: meta.target.kind,
    column_image_type: names.imageType,
    column_container_type: names.containerType,
    column_envelope: names.envelope,
    tool_version: meta.toolVersion,
    created_at: meta.createdAt,
    pulse: 0,
  };
  const sealed = { ...row, seal: sealOf(SEALED, row) };
  await database.transaction(async (trx) =>
    database.dialect.insertMissingRows(trx, META_TABLE, Object.keys(sealed), [Object.values(sealed)]),
  );
}

/** Whether another hand changed the settings that expand wrote. The state changes in normal use and is not compared. */
export async function isMetaAltered(executor: Executor): Promise<boolean> {
  const rows = await executor.query((knex) => knex(META_TABLE));
  return rows.length !== 1 || !rows.every((row) => isSealed(SEALED, row));
}

const SEALED: SealedColumns = {
  table: META_TABLE,
  numbers: ['id', 'schema_version'],
  texts: ['target', 'column_image_type', 'column_container_type', 'column_envelope', 'tool_version', 'created_at'],
};

/** The smallest possible write, without a meaning; it measures how fast the server commits. */
export async function writePulse(executor: Executor): Promise<void> {
  await executor.execute((knex) => knex(META_TABLE).where({ id: 1 }).increment('pulse'));
}

/** How many pulses were ever written, by whichever process: it only grows. @throws Error where there is no such row. */
export async function readPulse(observer: Observer): Promise<number> {
  const [row] = await observer.query(`SELECT pulse FROM ${META_TABLE} WHERE id = 1`);
  if (row === undefined) throw new Error(`${META_TABLE} is empty`);
  return Number(row['pulse']);
}

export async function setMetaState(executor: Executor, state: MetaState): Promise<void> {
  await executor.execute((knex) => knex(META_TABLE).where({ id: 1 }).update({ state }));
}

export function columnList(names: ColumnNames): readonly [string, string, string] {
  return [names.imageType, names.containerType, names.envelope];
}
