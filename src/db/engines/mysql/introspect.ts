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

/**
 * Why this server must not be written, or null. A user with SUPER can write to a read-only server; it still counts,
 * because such a server is a replica.
 */
export async function mysqlReadOnlyReason(executor: Executor): Promise<string | null> {
  const variables = await showValues(
    executor,
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'innodb_read_only', 'log_bin', 'wsrep_on')",
  );
  for (const name of ['super_read_only', 'read_only', 'innodb_read_only']) {
    const value = variables.get(name);
    if (value !== undefined && !['OFF', '0', 'NO_LOCK'].includes(value.toUpperCase()))
      return `the server has ${name} = ${value}`;
  }
  const session = await showValues(
    executor,
    "SHOW SESSION VARIABLES WHERE Variable_name IN ('binlog_format', 'tx_read_only', 'transaction_read_only')",
  );
  for (const name of ['tx_read_only', 'transaction_read_only']) {
    if (session.get(name) === 'ON') return `the server has ${name} = ON for every new session`;
  }
  if (variables.get('log_bin') === 'ON' && session.get('binlog_format') === 'STATEMENT') {
    return 'the server logs statements (binlog_format = STATEMENT), which forbids READ COMMITTED writes; set binlog_format = MIXED or ROW';
  }
  if (variables.get('wsrep_on') !== 'ON') return null;
  const status = await showValues(
    executor,
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status')",
  );
  if (status.get('wsrep_ready') === 'ON' && status.get('wsrep_cluster_status') === 'Primary') return null;
  return `this Galera node is not part of a primary component (wsrep_ready = ${status.get('wsrep_ready') ?? 'unknown'}, wsrep_cluster_status = ${status.get('wsrep_cluster_status') ?? 'unknown'})`;
}

export async function mysqlDataDirectory(executor: Executor): Promise<string | null> {
  const [row] = await executor.query('SELECT @@datadir AS directory, DATABASE() AS name');
  return `${String(row?.['directory'])}/${String(row?.['name'])}`;
}

async function showValues(executor: Executor, sql: string): Promise<ReadonlyMap<string, string>> {
  const rows = await executor.query(sql);
  return new Map(rows.map((row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]));
}
