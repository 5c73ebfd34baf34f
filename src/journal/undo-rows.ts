import type { Database, Executor } from '../db/database.ts';
import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import { ENTRY_SELECTION, hasEntries, type JournalEntry, JOINED_DECISION, toEntry } from './entries.ts';
import { columnList, type ColumnNames, type Target } from './meta.ts';
import { JOURNAL_TABLE, UNDO_TABLE } from './tables.ts';

/** A journal row that a rollback may take back, with the state of its image now. */
export interface UndoCandidate {
  readonly entry: JournalEntry;
  /** `gone`: there is nothing to take back; `changed`: the result columns hold what the journal does not say. */
  readonly state: 'as-written' | 'changed' | 'gone';
}

/** Which journal rows of a run to read, in the order of their images. */
export interface UndoPage {
  readonly runId: number;
  /** The last image of the page before; null at the beginning. */
  readonly after: string | null;
  /** Rows, at most. */
  readonly limit: number;
  /** Only the images of one owner, or only one image. */
  readonly only: { readonly column: 'i.owner' | 'r.image_id'; readonly value: string } | null;
}

/** Reads one page of the journal rows of a run. */
export async function readUndoPage(
  database: Database,
  target: Target,
  { runId, after, limit, only }: UndoPage,
): Promise<readonly UndoCandidate[]> {
  const { dialect } = database;
  const names = target.kind === 'columns' ? columnList(target.names) : [];
  const stored = ['d.image_type', 'd.container_type', 'd.envelope'];
  const asWritten = names.map((name, index) => dialect.sameBytes(`i.${dialect.quote(name)}`, stored[index] ?? ''));
  // Somebody else cleared them already: nothing is left to undo.
  const cleared = names.map((name) => `i.${dialect.quote(name)} IS NULL`);
  const filters = [
    { sql: 'r.run_id = ?', value: runId },
    ...(after === null ? [] : [{ sql: 'r.image_id > ?', value: after }]),
    ...(only === null ? [] : [{ sql: `${only.column} = ?`, value: only.value }]),
  ];
  const rows = await database.query(
    `SELECT ${ENTRY_SELECTION}, CASE WHEN i.id IS NULL THEN 'gone' WHEN ${allOf(asWritten)} THEN 'as-written' WHEN ${allOf(cleared)} THEN 'gone' ELSE 'changed' END AS present_state
     FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} LEFT JOIN images i ON i.id = r.image_id
     WHERE ${filters.map(({ sql }) => sql).join(' AND ')} ORDER BY r.image_id LIMIT ${limit}`,
    filters.map(({ value }) => value),
  );
  return rows.map((row) => ({ entry: toEntry(row), state: String(row['present_state']) as UndoCandidate['state'] }));
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '1 = 1' : conditions.join(' AND ');
}

/** Finds images whose result columns are filled although the journal has no row of them. @returns their number, and the first ids. */
export async function findForeignResults(
  database: Database,
  names: ColumnNames,
  limit: number,
): Promise<{ readonly count: number; readonly ids: readonly string[] }> {
  const filled = columnList(names).map((name) => `i.${database.dialect.quote(name)} IS NOT NULL`);
  const from = `FROM images i LEFT JOIN ${JOURNAL_TABLE} r ON r.image_id = i.id WHERE r.image_id IS NULL AND (${filled.join(' OR ')})`;
  const [row] = await database.query(`SELECT COUNT(*) AS n ${from}`, [], LONG_READ_LIMITS);
  const count = Number(row?.['n'] ?? 0);
  if (count === 0 || limit === 0) return { count, ids: [] };
  const found = await database.query(`SELECT i.id ${from} ORDER BY i.id LIMIT ${limit}`, [], LONG_READ_LIMITS);
  return { count, ids: found.map(({ id }) => String(id)) };
}

/** Whether no journal row and no before-image is left, of any run. */
export async function journalIsEmpty(executor: Executor): Promise<boolean> {
  if (await hasEntries(executor)) return false;
  return (await executor.query((knex) => knex(UNDO_TABLE).select('image_id').limit(1))).length === 0;
}
