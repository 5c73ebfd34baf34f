import type { Executor } from '../../database.ts';
import type { ColumnInfo, Reaction, TableInfo } from '../../dialect.ts';

/** Base tables of the connected database, by name; MariaDB lists tables that keep their history under another type. */
export async function listMysqlTables(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME",
  );
  return rows.map((row) => String(row['name']));
}

/** Views of the connected database, by name. */
export async function listMysqlViews(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query(
    'SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME',
  );
  return rows.map((row) => String(row['name']));
}

/** Only an account with the privilege TRIGGER sees triggers here. */
export async function describeMysqlTable(executor: Executor, table: string): Promise<TableInfo | null> {
  const [found] = await executor.query(
    "SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND TABLE_NAME = ?",
    [table],
  );
  if (found === undefined) return null;
  const columns = await executor.query(
    `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [table],
  );
  const triggers = await executor.query(
    `SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS
     WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ? ORDER BY TRIGGER_NAME`,
    [table],
  );
  return {
    name: String(found['name']),
    engine: textOrNull(found['engine']),
    columns: columns.map((row): ColumnInfo => ({
      name: String(row['name']),
      type: String(row['type']).toLowerCase(),
      nullable: row['nullable'] === 'YES',
      charset: textOrNull(row['charset']),
      collation: textOrNull(row['collation']),
    })),
    triggers: triggers.map((row) => String(row['name'])),
    hiddenRows: 'none',
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Finds columns by information_schema.COLUMNS.EXTRA. A MySQL trigger fires whichever column is written. */
export async function mysqlReactionsToUpdate(executor: Executor, table: string): Promise<readonly Reaction[]> {
  const columns = await executor.query(
    `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND LOWER(EXTRA) LIKE '%on update%' ORDER BY ORDINAL_POSITION`,
    [table],
  );
  const triggers = await executor.query(
    `SELECT TRIGGER_NAME AS name, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS
     WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ? AND EVENT_MANIPULATION = 'UPDATE' ORDER BY TRIGGER_NAME`,
    [table],
  );
  const versioned = await executor.query(
    "SELECT 1 AS one FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND TABLE_TYPE = 'SYSTEM VERSIONED'",
    [table],
  );
  return [
    ...columns.map((row) => ({ kind: 'column' as const, name: String(row['name']) })),
    ...triggers.map((row) => ({
      kind: 'trigger' as const,
      name: String(row['name']),
      body: textOrNull(row['body']),
      columns: null,
    })),
    ...versioned.map(() => ({ kind: 'versioning' as const })),
  ];
}

export async function mysqlTableBytes(executor: Executor, table: string): Promise<number> {
  const [row] = await executor.query(
    'SELECT DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
    [table],
  );
  return Number(row?.['bytes'] ?? 0);
}
