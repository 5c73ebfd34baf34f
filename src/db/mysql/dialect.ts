import type { Executor } from '../database.ts';
import type { Dialect, JoinedUpdate } from '../dialect.ts';
import { addMysqlColumns, createMysqlTable, dropMysqlColumns } from './ddl.ts';
import { classifyMysqlError } from './errors.ts';
import { insertMysqlRows } from './insert-rows.ts';
import { describeMysqlTable, listMysqlTables, selfUpdatingMysqlColumns } from './introspect.ts';
import { missingMysqlPrivileges } from './privileges.ts';
import { quoteMysql } from './quote.ts';
import { mysqlReadOnlyReason } from './read-only-reason.ts';
import type { MysqlServer } from './session.ts';

/** MySQL and MariaDB. */
export function mysqlDialect(server: MysqlServer): Dialect {
  return {
    name: 'mysql',
    serverVersion: `${server.flavour} ${server.version}${server.galera ? ' (Galera)' : ''}`,
    galera: server.galera,
    transactionalDdl: false,

    quote: quoteMysql,
    // One charset on both sides, then bytes: no collation, not even utf8mb4_bin, counts trailing blanks.
    sameBytes: (left, right) => `(${bytes(left)} <=> ${bytes(right)})`,
    nowMs: 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)',
    asText: (expression) => `CAST(${expression} AS CHAR)`,

    insertRows: async (executor, table, columns, rows) =>
      insertMysqlRows(executor, server.maxAllowedPacket, table, columns, rows),
    updateJoined,

    listTables: listMysqlTables,
    describeTable: describeMysqlTable,
    selfUpdatingColumns: selfUpdatingMysqlColumns,
    createTable: createMysqlTable,
    addColumns: addMysqlColumns,
    dropColumns: dropMysqlColumns,

    readOnlyReason: mysqlReadOnlyReason,
    missingPrivileges: async (executor, table, privileges) =>
      missingMysqlPrivileges(executor, server.flavour, table, privileges),
    classify: classifyMysqlError,
  };
}

function bytes(expression: string): string {
  return `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`;
}

async function updateJoined(executor: Executor, update: JoinedUpdate): Promise<number> {
  const { target, source } = update;
  const set = Object.entries(update.set).map(
    ([column, expression]) => `${quoteMysql(target.alias)}.${quoteMysql(column)} = ${expression}`,
  );
  return executor.execute(
    `UPDATE ${quoteMysql(source.table)} AS ${quoteMysql(source.alias)}` +
      ` JOIN ${quoteMysql(target.table)} AS ${quoteMysql(target.alias)} ON ${update.on}` +
      ` SET ${set.join(', ')} WHERE ${update.where}`,
    update.bindings,
  );
}
