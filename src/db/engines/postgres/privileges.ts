import type { Executor } from '../../database.ts';
import type { Privilege } from '../../dialect.ts';
import { postgresTableOid } from './introspect.ts';

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
