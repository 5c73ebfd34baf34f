import type { Connection } from 'mysql2';

import type { TableCopying } from '../../copying.ts';
import type { Dialect } from '../../dialect.ts';
import { DDL_LIMITS } from '../../transaction/deadlines.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { runMysqlText } from './run-text.ts';

/** Values of these types are kept as bytes; all others have a text that gives the same value back. */
const BYTES = new Set(
  'char varchar tinytext text mediumtext longtext enum set binary varbinary tinyblob blob mediumblob longblob bit'.split(
    ' ',
  ),
);

export function mysqlCopying(quote: Dialect['quote']): TableCopying {
  return {
    async definition(executor, table) {
      const [row] = await executor.query(`SHOW CREATE TABLE ${quote(table)}`);
      return { create: [withoutForeignKeys(String(row?.['Create Table']))], afterRows: [] };
    },
    async rowText(executor, table, omitted = []) {
      const rows = await executor.query(
        `SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND EXTRA NOT REGEXP 'GENERATED' ORDER BY ORDINAL_POSITION`,
        [table],
      );
      const columns = rows
        .map((row) => ({ name: String(row['name']), type: String(row['type']).toLowerCase() }))
        .filter(({ name }) => !omitted.includes(name));
      const values = columns.map(({ name, type }) =>
        BYTES.has(type)
          ? `IFNULL(CONCAT('x''', HEX(${quote(name)}), ''''), 'NULL')`
          : `QUOTE(CAST(${quote(name)} AS CHAR))`,
      );
      return {
        columns: columns.map(({ name }) => name),
        sql: `CONCAT('(', CONCAT_WS(',', ${values.join(', ')}), ')')`,
      };
    },
    digest: (text, half) =>
      `CAST(CONV(SUBSTR(SHA2(${text}, 256), ${half === 'first' ? 1 : 9}, 8), 16, 10) AS UNSIGNED)`,
    async contents(executor) {
      const rows = await executor.query(
        `SELECT CONCAT(LOWER(IF(TABLE_TYPE LIKE '%VIEW', 'view', 'table')), ' ', TABLE_NAME) AS what
           FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
         UNION ALL SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME)
           FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
         UNION ALL SELECT CONCAT('event ', EVENT_NAME) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
         ORDER BY 1`,
      );
      return rows.map((row) => String(row['what']));
    },
    admitOrphans: async () => Promise.resolve(),
    async send(executor, statement, limits) {
      await nativeExecutor(executor).native(async (native) => runMysqlText(native as Connection, statement), limits);
    },
    async settle(executor, tables) {
      // The size in information_schema is of the last time that the server counted.
      for (const table of tables) {
        await nativeExecutor(executor).native(
          async (native) => runMysqlText(native as Connection, `ANALYZE NO_WRITE_TO_BINLOG TABLE ${quote(table)}`),
          DDL_LIMITS,
        );
      }
    },
    async storedBytes(executor, tables) {
      if (tables.length === 0) return 0;
      const [row] = await executor.query(
        `SELECT SUM(DATA_LENGTH + INDEX_LENGTH) AS bytes FROM information_schema.TABLES
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${tables.map(() => '?').join(', ')})`,
        tables,
      );
      return Number(row?.['bytes'] ?? 0);
    },
  };
}

/** Each clause of SHOW CREATE TABLE is on a line of its own; names hold no line feed, because it writes them quoted. */
export function withoutForeignKeys(create: string): string {
  const lines = create.split('\n').filter((line) => !/^\s*CONSTRAINT `(?:[^`]|``)*` FOREIGN KEY /u.test(line));
  return lines
    .map((line, index) => (lines[index + 1]?.startsWith(')') === true ? line.replace(/,$/u, '') : line))
    .join('\n')
    .replace(/ AUTO_INCREMENT=\d+/u, '');
}
