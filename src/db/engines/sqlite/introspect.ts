import type { Executor } from '../../database.ts';
import type { ColumnInfo, Reaction, TableInfo } from '../../dialect.ts';

/** Tables of the file, by name. */
export async function listSqliteTables(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name",
  );
  return rows.map((row) => String(row['name']));
}

/** Views of the file, by name. */
export async function listSqliteViews(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name");
  return rows.map((row) => String(row['name']));
}

export async function describeSqliteTable(executor: Executor, table: string): Promise<TableInfo | null> {
  // Names of tables are compared without case, as SQLite's own statements do.
  const [found] = await executor.query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
    [table],
  );
  if (found === undefined) return null;
  const columns = await executor.query(
    'SELECT name, type, "notnull" AS required FROM pragma_table_info(?) ORDER BY cid',
    [table],
  );
  const triggers = await executor.query(
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY name",
    [table],
  );
  return {
    name: String(found['name']),
    engine: null,
    columns: columns.map((row): ColumnInfo => ({
      name: String(row['name']),
      type: String(row['type']).toLowerCase(),
      nullable: Number(row['required']) === 0,
      charset: null,
      collation: null,
    })),
    triggers: triggers.map((row) => String(row['name'])),
    hiddenRows: 'none',
  };
}

/** sqlite.org/lang_createtrigger.html; the text is the statement as it was given. */
export async function sqliteReactionsToUpdate(executor: Executor, table: string): Promise<readonly Reaction[]> {
  const rows = await executor.query(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY name",
    [table],
  );
  return rows.flatMap((row) => {
    const parts = /^(.*?)\bBEGIN\b(.*)$/isu.exec(String(row['sql']));
    const event = /\bUPDATE\b(?:\s+OF\s+(.*?))?\s+ON\s/isu.exec(parts?.[1] ?? '');
    if (event === null) return [];
    const columns = event[1]?.split(',').map((name) => name.trim().replaceAll(/^["`[]|["`\]]$/gu, '')) ?? null;
    return [{ kind: 'trigger' as const, name: String(row['name']), body: parts?.[2] ?? null, columns }];
  });
}
