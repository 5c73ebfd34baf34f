import type { Database } from '../../db/database.ts';
import { type Lease, readLeases } from '../../journal/lease.ts';
import { columnList, setMetaState, type JournalMeta } from '../../journal/meta.ts';
import {
  DECISIONS_TABLE,
  IMAGES_VIEW,
  JOURNAL_TABLE,
  JOURNAL_TABLES,
  LEASE_TABLE,
  META_TABLE,
} from '../../journal/tables.ts';
import { RetypeError } from '../../model/error.ts';
import { changeSchema, rebuildFor, type SchemaContext } from './schema-change.ts';

/**
 * `remove-everything`: result columns and tables, the schema as it was before expand (complete rollback).
 * `keep-results`: the tool's tables only; with target table the view retype_images is the result and stays, with the
 * two tables behind it.
 */
export type Dismantling = 'remove-everything' | 'keep-results';

/** What will be dropped. */
export interface DismantlePlan {
  readonly columns: readonly string[];
  readonly views: readonly string[];
  readonly tables: readonly string[];
  /**
   * Whether the dropped columns stay hidden in `images`, where they count towards the engine's limit until a rebuild.
   */
  readonly leavesHidden: 'nothing' | 'columns';
}

/** Advice for columns that were dropped without a rebuild. */
export const REBUILD_ADVICE =
  'at a quiet hour run ALTER TABLE images FORCE: InnoDB keeps the dropped columns until then';

const RESULT_TABLES: ReadonlySet<string> = new Set([JOURNAL_TABLE, DECISIONS_TABLE]);
const NOTHING: ReadonlySet<string> = new Set();

/**
 * In this order: the lease protects the other drops from a second process, and retype_meta records what is under way
 * until the end.
 */
const LAST_TABLES: readonly string[] = [LEASE_TABLE, META_TABLE];

/**
 * Finds what there is to drop now, so that an interrupted dismantling continues where it stopped.
 * @param meta null where expand was killed before it had recorded what it was about to do.
 */
export async function planDismantle(
  writer: Database,
  meta: JournalMeta | null,
  dismantling: Dismantling,
): Promise<DismantlePlan> {
  const images = await writer.dialect.describeTable(writer, 'images');
  const present = new Set(images?.columns.map((column) => column.name));
  const columns =
    dismantling === 'remove-everything' && meta?.target.kind === 'columns'
      ? columnList(meta.target.names).filter((name) => present.has(name))
      : [];
  const existing = new Set(await writer.dialect.listTables(writer));
  const kept = dismantling === 'keep-results' && meta?.target.kind === 'table' ? RESULT_TABLES : NOTHING;
  const order = [...JOURNAL_TABLES.filter((table) => !LAST_TABLES.includes(table)), ...LAST_TABLES];
  const rebuild = columns.length === 0 ? null : await rebuildFor(writer);
  return {
    columns,
    views: kept === NOTHING ? (await writer.dialect.listViews(writer)).filter((view) => view === IMAGES_VIEW) : [],
    tables: order.filter((table) => existing.has(table) && !kept.has(table)),
    leavesHidden: columns.length > 0 && rebuild === null && writer.dialect.rebuild !== null ? 'columns' : 'nothing',
  };
}

/** The names of everything in a plan, for a person. */
export function droppedNames({ columns, views, tables }: DismantlePlan): string {
  return [...columns, ...views, ...tables].join(', ');
}

/** The statements that carry a plan out, in their order. Only reads. */
export async function dismantleStatements(database: Database, plan: DismantlePlan): Promise<readonly string[]> {
  const rebuild = plan.columns.length === 0 ? null : await rebuildFor(database);
  return [...columnDrops(database, plan, rebuild?.clause ?? ''), ...tableDrops(database, plan)];
}

function columnDrops({ dialect }: Database, { columns }: DismantlePlan, ending: string): readonly string[] {
  if (columns.length === 0) return [];
  return dialect.dropColumns('images', columns).map((statement) => `${statement}${ending}`);
}

function tableDrops({ dialect }: Database, { views, tables }: DismantlePlan): readonly string[] {
  return [...views.flatMap((view) => dialect.dropView(view)), ...tables.flatMap((table) => dialect.dropTable(table))];
}

/**
 * Drops everything of the plan step by step. If it is killed, the same command finishes it.
 *
 * @param lease null where none can be held: its table is already dropped, or was never filled.
 * @throws RetypeError LEASE_LOST, and what `changeSchema` throws.
 */
export async function dismantle(
  context: SchemaContext,
  lease: Lease | null,
  meta: JournalMeta | null,
  dismantling: Dismantling,
): Promise<'done' | 'stopped'> {
  const { writer } = context;
  await writer.transaction(async (trx) => {
    await lease?.assertHeld(trx);
    await setMetaState(trx, dismantling === 'remove-everything' ? 'removing' : 'contracting');
  });
  const dropped = await dropColumns(context, lease, meta, dismantling);
  if (dropped === 'stopped') return dropped;
  return changeSchema(context, async () => tableDrops(writer, await planDismantle(writer, meta, dismantling)));
}

async function dropColumns(
  context: SchemaContext,
  lease: Lease | null,
  meta: JournalMeta | null,
  dismantling: Dismantling,
): Promise<'done' | 'stopped'> {
  const { writer, onEvent } = context;
  const drop = async (ending: string) =>
    changeSchema(context, async () => {
      await lease?.extend();
      return columnDrops(writer, await planDismantle(writer, meta, dismantling), ending);
    });
  const rebuild = await rebuildFor(writer);
  if (rebuild === null) return drop('');
  try {
    return await drop(rebuild.clause);
  } catch (error) {
    if (!(error instanceof RetypeError) || !INSTEAD_OF_A_REBUILD.has(error.code)) throw error;
    // Too many writes meanwhile, a FULLTEXT index, no room for a second copy: none of it keeps the columns from being
    // dropped.
    onEvent({
      kind: 'note',
      text: `images was not rebuilt (${error.problems[0]?.found ?? error.code}); ${REBUILD_ADVICE}`,
    });
    return drop('');
  }
}

const INSTEAD_OF_A_REBUILD: ReadonlySet<string> = new Set(['DDL_FAILED', 'DISK_FULL', 'ROW_TOO_LARGE']);

/** Whether the lease can be taken: expand creates its table and row, and dismantling drops them last but one. */
export async function leaseExists(writer: Database): Promise<boolean> {
  const tables = await writer.dialect.listTables(writer);
  return tables.includes(LEASE_TABLE) && (await readLeases(writer, writer.dialect.nowMs)).length > 0;
}
