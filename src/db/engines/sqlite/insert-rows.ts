import type BetterSqlite3 from 'better-sqlite3';
import type { Executor, SqlValue } from '../../database.ts';
import type { Dialect } from '../../dialect.ts';
import type { BulkRows } from '../../statements/bulk-insert.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';

/**
 * One prepared statement, run once for each row: there is no round trip to save.
 *
 * @returns rows inserted.
 */
export async function insertSqliteRows(
  quote: Dialect['quote'],
  executor: Executor,
  { table, columns, rows, duplicates }: BulkRows,
): Promise<number> {
  const marks = columns.map(() => '?').join(',');
  const tail = duplicates === 'fail' ? '' : ' ON CONFLICT DO NOTHING';
  const sql = `INSERT INTO ${quote(table)} (${columns.map(quote).join(',')}) VALUES (${marks})${tail}`;
  return nativeExecutor(executor).native(async (native) => {
    const statement = (native as BetterSqlite3.Database).prepare(sql);
    let inserted = 0;
    for (const row of rows) inserted += statement.run(row.map(exactInteger)).changes;
    return Promise.resolve(inserted);
  });
}

/**
 * better-sqlite3 binds every number as REAL. Only a column's affinity turns it back, and a text column would keep
 * `1.0`.
 */
export function exactInteger(value: SqlValue): SqlValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
