import type pg from 'pg';
import type { Executor, SqlValue } from '../../database.ts';
import type { Dialect } from '../../dialect.ts';
import { type BulkRows, insertStatements } from '../../statements/bulk-insert.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';

const STATEMENT_LIMIT = 1_048_576;

/**
 * Multi-row INSERT. Every value is a quoted literal without a type, so the server reads it as the column's own type;
 * bound parameters would be limited to 65,535 and need the types named.
 *
 * @returns rows inserted.
 * @throws the server's 22021 for text that holds a NUL character, which PostgreSQL cannot store.
 */
export async function insertPostgresRows(
  quote: Dialect['quote'],
  executor: Executor,
  { table, columns, rows, duplicates }: BulkRows,
): Promise<number> {
  const frame = {
    head: `INSERT INTO ${quote(table)} (${columns.map(quote).join(',')}) VALUES `,
    tail: duplicates === 'fail' ? '' : ' ON CONFLICT DO NOTHING',
  };
  let inserted = 0;
  for (const statement of insertStatements(frame, rows, literal, STATEMENT_LIMIT)) {
    inserted += await nativeExecutor(executor).native(async (native) => {
      const { rowCount } = await (native as pg.Client).query(statement);
      return rowCount ?? 0;
    });
  }
  return inserted;
}

function literal(value: SqlValue): string {
  return value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
}
