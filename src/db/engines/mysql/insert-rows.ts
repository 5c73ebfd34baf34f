import { escape, type Connection } from 'mysql2';
import { insertStatements } from '../../statements/bulk-insert.ts';
import type { Executor, SqlValue } from '../../database.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { quoteMysql } from './quote.ts';

/** Characters of one statement at most. A character is up to four bytes, hence the division of the server's limit. */
const STATEMENT_LIMIT = 1_048_576;

/** Rows for one table. */
export interface MysqlRows {
  readonly table: string;
  /** At least one. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** `keep`: a row whose key is there already stays. INSERT IGNORE would keep quiet about values that do not fit, too. */
  readonly duplicates: 'fail' | 'keep';
}

/** Multi-row INSERT, the driver's own escaping; @returns rows inserted. */
export async function insertMysqlRows(
  executor: Executor,
  maxAllowedPacket: number,
  { table, columns, rows, duplicates }: MysqlRows,
): Promise<number> {
  const names = columns.map(quoteMysql);
  const frame = {
    head: `INSERT INTO ${quoteMysql(table)} (${names.join(',')}) VALUES `,
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
