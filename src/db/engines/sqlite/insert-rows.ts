import type BetterSqlite3 from 'better-sqlite3';
import type { Executor, SqlValue } from '../../database.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { quoteStandard } from '../../statements/quote-standard.ts';
import { exactInteger } from './exact-integer.ts';

/**
 * One prepared statement, run once a row: there is no round trip to save.
 *
 * @returns rows inserted.
 */
export async function insertSqliteRows(
  executor: Executor,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  duplicates: 'fail' | 'keep' = 'fail',
): Promise<number> {
  const marks = columns.map(() => '?').join(',');
  const tail = duplicates === 'fail' ? '' : ' ON CONFLICT DO NOTHING';
  const sql = `INSERT INTO ${quoteStandard(table)} (${columns.map(quoteStandard).join(',')}) VALUES (${marks})${tail}`;
  return nativeExecutor(executor).native(async (native) => {
    const statement = (native as BetterSqlite3.Database).prepare(sql);
    let inserted = 0;
    for (const row of rows) inserted += statement.run(row.map(exactInteger)).changes;
    return Promise.resolve(inserted);
  });
}
