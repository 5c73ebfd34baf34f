import { escape, type Connection } from 'mysql2';
import type { Executor, SqlValue } from '../../database.ts';
import type { Dialect } from '../../dialect.ts';
import { type BulkRows, insertStatements } from '../../statements/bulk-insert.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';

/**
 * Characters of one statement at most. A character takes up to four bytes, hence the division of the server's limit
 * below.
 */
const STATEMENT_LIMIT = 1_048_576;

/**
 * Multi-row INSERT with the driver's own escaping. `ON DUPLICATE KEY UPDATE` with a column set to itself keeps a row
 * that is there; knex has only INSERT IGNORE for that, which also hides values that do not fit.
 *
 * @returns rows inserted.
 */
export async function insertMysqlRows(
  quote: Dialect['quote'],
  maxAllowedPacket: number,
  executor: Executor,
  { table, columns, rows, duplicates }: BulkRows,
): Promise<number> {
  const names = columns.map(quote);
  const frame = {
    head: `INSERT INTO ${quote(table)} (${names.join(',')}) VALUES `,
    tail: duplicates === 'fail' ? '' : ` ON DUPLICATE KEY UPDATE ${names[0] ?? ''} = ${names[0] ?? ''}`,
  };
  const limit = Math.min(STATEMENT_LIMIT, Math.floor(maxAllowedPacket / 8));
  let inserted = 0;
  for (const statement of insertStatements(frame, rows, literal, limit)) {
    inserted += await nativeExecutor(executor).native(async (native) => run(native as Connection, statement));
  }
  return inserted;
}

async function run(connection: Connection, statement: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // null values: with any other, the driver would search the whole megabyte for placeholders.
    connection.query(statement, null, (error, result) => {
      if (error === null) resolve((result as { affectedRows: number }).affectedRows);
      else reject(error);
    });
  });
}

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? escape(value) : String(value);
}
