import type { Connection } from 'mysql2';

/** Sends a statement whose text holds its values. @returns rows affected. */
export async function runMysqlText(connection: Connection, statement: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // null values: with any other, the driver would search the whole megabyte for placeholders.
    connection.query(statement, null, (error, result) => {
      if (error === null) resolve((result as { affectedRows: number }).affectedRows);
      else reject(error);
    });
  });
}
