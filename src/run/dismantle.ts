import type { Database, Executor } from '../db/database.ts';
import { columnList, setMetaState, type JournalMeta } from '../journal/meta.ts';
import { DECISIONS_TABLE, IMAGES_VIEW, JOURNAL_TABLE, JOURNAL_TABLES, META_TABLE } from '../journal/tables.ts';

/**
 * `remove-everything`: result columns and tables, the schema as it was before expand (complete rollback). `keep-results`: the
 * tool's tables only; with target table the view retype_images is the result and stays, with the two tables behind it.
 */
export type Dismantling = 'remove-everything' | 'keep-results';

/** What would be dropped, for the question asked before. */
export interface DismantlePlan {
  readonly columns: readonly string[];
  readonly views: readonly string[];
  readonly tables: readonly string[];
  readonly statements: readonly string[];
}

const RESULT_TABLES: ReadonlySet<string> = new Set([JOURNAL_TABLE, DECISIONS_TABLE]);
const NOTHING: ReadonlySet<string> = new Set();

/** Looks at what is there now, so that an interrupted dismantling goes on where it stopped. */
export async function planDismantle(
  writer: Database,
  meta: JournalMeta,
  dismantling: Dismantling,
): Promise<DismantlePlan> {
  const images = await writer.dialect.describeTable(writer, 'images');
  const present = new Set(images?.columns.map((column) => column.name));
  const columns =
    dismantling === 'remove-everything' && meta.target.kind === 'columns'
      ? columnList(meta.target.names).filter((name) => present.has(name))
      : [];
  const existing = new Set(await writer.dialect.listTables(writer));
  const kept = dismantling === 'keep-results' && meta.target.kind === 'table' ? RESULT_TABLES : NOTHING;
  const dropped = JOURNAL_TABLES.filter((table) => existing.has(table) && !kept.has(table) && table !== META_TABLE);
  const views = kept === NOTHING ? (await writer.dialect.listViews(writer)).filter((view) => view === IMAGES_VIEW) : [];
  const tables = [...dropped, META_TABLE];
  return {
    columns,
    views,
    tables,
    statements: [
      ...(columns.length === 0 ? [] : writer.dialect.dropColumns('images', columns)),
      ...views.map((view) => `DROP VIEW ${writer.dialect.quote(view)}`),
      ...tables.map((table) => `DROP TABLE ${writer.dialect.quote(table)}`),
    ],
  };
}

/**
 * Drops. retype_meta goes last and says what is under way, so that the same command finishes a dismantling that was killed on
 * an engine whose DDL commits step by step.
 */
export async function dismantle(writer: Database, plan: DismantlePlan, dismantling: Dismantling): Promise<void> {
  const state = dismantling === 'remove-everything' ? 'removing' : 'contracting';
  const drop = async (executor: Executor): Promise<void> => {
    await setMetaState(executor, state);
    for (const statement of plan.statements) {
      await executor.execute(statement);
    }
  };
  if (writer.dialect.transactionalDdl) {
    await writer.transaction(drop);
  } else {
    await drop(writer);
  }
}
