import { createHash } from 'node:crypto';

import type { SqliteConnection } from '../../../sqlite/driver.ts';

import type { TableCopying } from '../../copying.ts';
import type { Dialect } from '../../dialect.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';

/** A function of our own connections: SQLite has no cryptographic digest. */
export const TEXT_DIGEST_FUNCTION = 'retype_text_digest';

/** 32 bits of the text's SHA-256, from the byte `from` on; null for what is no text. */
export function textDigest(text: unknown, from: unknown): bigint | null {
  if (typeof text !== 'string') return null;
  return BigInt(createHash('sha256').update(text).digest().readUInt32BE(Number(from)));
}

export function sqliteCopying(quote: Dialect['quote']): TableCopying {
  return {
    async definition(executor, table) {
      const rows = await executor.query(
        `SELECT type, sql FROM sqlite_master
         WHERE tbl_name = ? COLLATE NOCASE AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type, name`,
        [table],
      );
      const of = (type: string): readonly string[] =>
        rows.filter((row) => row['type'] === type).map((row) => String(row['sql']));
      // Foreign keys stay: they are in the middle of the text. `admitOrphans` takes their effect.
      return { create: of('table'), afterRows: of('index') };
    },
    async rowText(executor, table, omitted = []) {
      const rows = await executor.query('SELECT name FROM pragma_table_info(?) ORDER BY cid', [table]);
      const columns = rows.map((row) => String(row['name'])).filter((name) => !omitted.includes(name));
      return { columns, sql: `('(' || ${columns.map((name) => literal(quote(name))).join(" || ',' || ")} || ')')` };
    },
    digest: (text, half) => `${TEXT_DIGEST_FUNCTION}(${text}, ${half === 'first' ? 0 : 4})`,
    async contents(executor) {
      const rows = await executor.query(
        "SELECT type || ' ' || name AS what FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1",
      );
      return rows.map((row) => String(row['what']));
    },
    // Of the one connection that writes.
    admitOrphans: async (executor) => void (await executor.execute('PRAGMA foreign_keys = OFF')),
    async send(executor, statement) {
      await nativeExecutor(executor).native(async (native) => {
        (native as SqliteConnection).exec(statement);
        return Promise.resolve();
      });
    },
    settle: async () => Promise.resolve(),
    async storedBytes(executor, tables) {
      if (tables.length === 0) return 0;
      const marks = tables.map(() => '?').join(', ');
      const [row] = await executor.query(
        `SELECT COALESCE(SUM(pgsize), 0) AS bytes FROM dbstat
         WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_master WHERE tbl_name IN (${marks}))`,
        tables,
      );
      return Number(row?.['bytes'] ?? 0);
    },
  };
}

/** A value keeps its type as well as its bytes: any column may hold any. */
function literal(column: string): string {
  return `CASE typeof(${column}) WHEN 'null' THEN 'NULL' WHEN 'integer' THEN CAST(${column} AS TEXT)
    WHEN 'real' THEN printf('%!.17g', ${column}) WHEN 'text' THEN 'CAST(x''' || hex(CAST(${column} AS BLOB)) || ''' AS TEXT)'
    ELSE 'x''' || hex(${column}) || '''' END`;
}
