import type { Executor } from '../../database.ts';
import type { Privilege, ColumnInfo, Reaction, TableInfo } from '../../dialect.ts';

/** Values of pg_class.relkind. */
const KINDS = { tables: "'r', 'p'", 'tables-and-views': "'r', 'p', 'v'" } as const;

/** Tables of the current schema, the first of search_path, by name. */
export async function listPostgresTables(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query(
    `SELECT c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') ORDER BY c.relname`,
  );
  return rows.map((row) => String(row['name']));
}

/** Views of the current schema, by name. */
export async function listPostgresViews(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query(
    `SELECT c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind = 'v' ORDER BY c.relname`,
  );
  return rows.map((row) => String(row['name']));
}

/** The oid as text, or null where the current schema has nothing of that name. */
async function postgresTableOid(
  executor: Executor,
  table: string,
  kinds: keyof typeof KINDS = 'tables',
): Promise<string | null> {
  const [row] = await executor.query(
    `SELECT CAST(c.oid AS text) AS oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN (${KINDS[kinds]}) AND c.relname = ?`,
    [table],
  );
  return typeof row?.['oid'] === 'string' ? row['oid'] : null;
}

export async function describePostgresTable(executor: Executor, table: string): Promise<TableInfo | null> {
  const oid = await postgresTableOid(executor, table);
  if (oid === null) return null;
  const columns = await executor.query(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required, l.collname AS collation
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
     WHERE a.attrelid = CAST(? AS oid) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  );
  const triggers = await executor.query(
    'SELECT tgname AS name FROM pg_catalog.pg_trigger WHERE tgrelid = CAST(? AS oid) AND NOT tgisinternal ORDER BY tgname',
    [oid],
  );
  const [security] = await executor.query('SELECT row_security_active(CAST(? AS oid)) AS active', [oid]);
  return {
    name: table,
    engine: null,
    columns: columns.map((row): ColumnInfo => ({
      name: String(row['name']),
      type: String(row['type'])
        .toLowerCase()
        .replace(/^character varying/, 'varchar')
        .replace(/^character\b/, 'char'),
      nullable: row['required'] !== true,
      // One encoding a database; a collation only where it is not the database's own.
      charset: null,
      collation: typeof row['collation'] === 'string' ? row['collation'] : null,
    })),
    triggers: triggers.map((row) => String(row['name'])),
    hiddenRows: security?.['active'] === true ? 'some' : 'none',
  };
}

/** Enabled triggers that UPDATE fires (bit 16 of tgtype), and rules ON UPDATE (ev_type 2). */
export async function postgresReactionsToUpdate(executor: Executor, table: string): Promise<readonly Reaction[]> {
  const oid = await postgresTableOid(executor, table);
  if (oid === null) return [];
  const triggers = await executor.query(
    `SELECT t.tgname AS name, CASE WHEN l.lanname IN ('sql', 'plpgsql') THEN p.prosrc END AS body,
       (SELECT string_agg(a.attname, ',') FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)) AS columns
     FROM pg_catalog.pg_trigger t
     JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
     JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE t.tgrelid = CAST(? AS oid) AND NOT t.tgisinternal AND t.tgtype & 16 <> 0 AND t.tgenabled IN ('O', 'A') ORDER BY t.tgname`,
    [oid],
  );
  const rules = await executor.query(
    "SELECT rulename AS name FROM pg_catalog.pg_rewrite WHERE ev_class = CAST(? AS oid) AND ev_type = '2' ORDER BY rulename",
    [oid],
  );
  return [
    ...triggers.map((row) => ({
      kind: 'trigger' as const,
      name: String(row['name']),
      body: typeof row['body'] === 'string' ? row['body'] : null,
      columns: typeof row['columns'] === 'string' ? row['columns'].split(',') : null,
    })),
    ...rules.map((row) => ({ kind: 'rule' as const, name: String(row['name']) })),
  ];
}

/**
 * Asks the server. ALTER and DROP have no privilege of their own: they belong to the owner (DROP also to the schema's
 * owner). On a table that does not exist yet everything follows from being allowed to create it.
 */
export async function missingPostgresPrivileges(
  executor: Executor,
  table: string,
  privileges: readonly Privilege[],
): Promise<readonly Privilege[]> {
  const [schema] = await executor.query(
    `SELECT current_schema() IS NULL AS nowhere, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates,
       coalesce((SELECT pg_has_role(nspowner, 'MEMBER') FROM pg_catalog.pg_namespace WHERE nspname = current_schema()), false) AS owns`,
  );
  // No schema of search_path exists: the search for a table reports that.
  if (schema?.['nowhere'] === true) return [];
  const creates = schema?.['creates'] === true;
  const oid = await postgresTableOid(executor, table, 'tables-and-views');
  if (oid === null) return creates ? [] : privileges;

  const [row] = await executor.query(
    `SELECT has_table_privilege(c.oid, 'SELECT') AS "select", has_table_privilege(c.oid, 'INSERT') AS "insert",
       has_table_privilege(c.oid, 'UPDATE') AS "update", has_table_privilege(c.oid, 'DELETE') AS "delete",
       pg_has_role(c.relowner, 'MEMBER') AS "alter"
     FROM pg_catalog.pg_class c WHERE c.oid = CAST(? AS oid)`,
    [oid],
  );
  const held: Readonly<Record<Privilege, boolean>> = {
    select: row?.['select'] === true,
    insert: row?.['insert'] === true,
    update: row?.['update'] === true,
    delete: row?.['delete'] === true,
    create: creates,
    'create view': creates,
    trigger: true,
    alter: row?.['alter'] === true,
    drop: row?.['alter'] === true || schema?.['owns'] === true,
  };
  return privileges.filter((privilege) => !held[privilege]);
}
