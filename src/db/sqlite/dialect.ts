import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { Dialect } from '../dialect.ts';
import { quoteStandard } from '../quote-standard.ts';
import { updateFrom } from '../update-from.ts';
import { addSqliteColumns, createSqliteTable, dropSqliteColumns } from './ddl.ts';
import { classifySqliteError } from './errors.ts';
import { insertSqliteRows } from './insert-rows.ts';
import { describeSqliteTable, listSqliteTables } from './introspect.ts';

/** @param path the file, for the question whether it can be written. */
export function sqliteDialect(version: string, path: string): Dialect {
  return {
    name: 'sqlite',
    serverVersion: `SQLite ${version}`,
    galera: false,
    transactionalDdl: true,

    quote: quoteStandard,
    // BINARY against columns declared NOCASE or RTRIM.
    sameBytes: (left, right) => `((${left}) COLLATE BINARY IS (${right}))`,
    nowMs: "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)",
    asText: (expression) => `CAST(${expression} AS TEXT)`,

    insertRows: insertSqliteRows,
    updateJoined: updateFrom,

    listTables: listSqliteTables,
    describeTable: describeSqliteTable,
    selfUpdatingColumns: async () => Promise.resolve([]),
    createTable: createSqliteTable,
    addColumns: addSqliteColumns,
    dropColumns: dropSqliteColumns,

    readOnlyReason: async () => Promise.resolve(readOnlyReason(path)),
    missingPrivileges: async () => Promise.resolve([]),
    classify: classifySqliteError,
  };
}

/** A writer needs the file, and its directory for the journal. */
function readOnlyReason(path: string): string | null {
  if (!isWritable(path)) return 'the file may not be written by this user';
  return isWritable(dirname(path)) ? null : "the file's directory, where SQLite keeps its journal, may not be written";
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
