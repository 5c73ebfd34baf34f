import type pg from 'pg';

import { DDL_LIMITS } from '../../transaction/deadlines.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import type { TableCopying } from '../../copying.ts';
import type { Dialect } from '../../dialect.ts';
import type { Executor } from '../../executor.ts';

/** A table or view of the current schema, by name. */
const OF_TABLE = `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relname = ? AND c.relkind IN ('r', 'p', 'v')`;

export function postgresCopying(quote: Dialect['quote']): TableCopying {
  return {
    async definition(executor, table) {
      const columns = await executor.query(
        `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
           CASE WHEN a.attcollation <> t.typcollation THEN l.collname END AS collation, tn.nspname AS collation_schema,
           pg_get_expr(d.adbin, d.adrelid) AS value, a.attgenerated AS generated
         FROM pg_catalog.pg_attribute a
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
         LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = l.collnamespace
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = (SELECT c.oid ${OF_TABLE}) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
        [table],
      );
      const lines = columns.map((row) =>
        [
          quote(String(row['name'])),
          String(row['type']),
          ...(typeof row['collation'] === 'string'
            ? [`COLLATE ${quote(String(row['collation_schema']))}.${quote(row['collation'])}`]
            : []),
          ...defaultClause(row['value'], row['generated']),
          ...(row['required'] === true ? ['NOT NULL'] : []),
        ].join(' '),
      );
      return {
        create: [...(await enumTypes(quote, executor, table)), `CREATE TABLE ${quote(table)} (${lines.join(', ')})`],
        afterRows: [...(await constraints(quote, executor, table)), ...(await indexes(executor, table))],
      };
    },
    async rowText(executor, table, omitted = []) {
      const rows = await executor.query(
        `SELECT a.attname AS name FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = (SELECT c.oid ${OF_TABLE}) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         ORDER BY a.attnum`,
        [table],
      );
      const columns = rows.map((row) => String(row['name'])).filter((name) => !omitted.includes(name));
      const values = columns.map((name) => `quote_nullable(CAST(${quote(name)} AS text))`);
      return { columns, sql: `('(' || concat_ws(',', ${values.join(', ')}) || ')')` };
    },
    // To SQL_ASCII the server passes the bytes on as they are, whatever the encoding of the database.
    digest: (text, half) =>
      `CAST(CAST('x' || substr(encode(sha256(convert_to(${text}, 'SQL_ASCII')), 'hex'), ${half === 'first' ? 1 : 9}, 8) AS bit(32)) AS bigint)`,
    async contents(executor) {
      const rows = await executor.query(
        `SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END
             || ' ' || c.relname AS what
           FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
         UNION ALL SELECT 'function ' || p.proname
           FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = current_schema()
         UNION ALL SELECT 'type ' || t.typname
           FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
           WHERE n.nspname = current_schema() AND t.typtype IN ('e', 'd')
         ORDER BY 1`,
      );
      return rows.map((row) => String(row['what']));
    },
    admitOrphans: async () => Promise.resolve(),
    async send(executor, statement, limits) {
      await nativeExecutor(executor).native(async (native) => (native as pg.Client).query(statement), limits);
    },
    async settle(executor, tables) {
      for (const table of tables) await executor.execute(`ANALYZE ${quote(table)}`, [], DDL_LIMITS);
    },
    async storedBytes(executor, tables) {
      if (tables.length === 0) return 0;
      const [row] = await executor.query(
        `SELECT SUM(pg_total_relation_size(c.oid)) AS bytes
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relname IN (${tables.map(() => '?').join(', ')})`,
        tables,
      );
      return Number(row?.['bytes'] ?? 0);
    },
  };
}

/** A default that takes numbers from a sequence is left out: the sequence belongs to the source. */
function defaultClause(value: unknown, generated: unknown): readonly string[] {
  if (typeof value !== 'string') return [];
  if (generated === 's') return [`GENERATED ALWAYS AS (${value}) STORED`];
  return /\bnextval\(/u.test(value) ? [] : [`DEFAULT ${value}`];
}

/** Types that were made for columns of the table, such as `image_visibility` (Ocata). */
async function enumTypes(quote: Dialect['quote'], executor: Executor, table: string): Promise<readonly string[]> {
  const rows = await executor.query(
    `SELECT t.typname AS name, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) AS labels
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid
     WHERE a.attrelid = (SELECT c.oid ${OF_TABLE}) AND a.attnum > 0 AND NOT a.attisdropped
     GROUP BY t.oid, t.typname ORDER BY t.typname`,
    [table],
  );
  return rows.map((row) => `CREATE TYPE ${quote(String(row['name']))} AS ENUM (${String(row['labels'])})`);
}

/** Primary key, unique and check constraints. */
async function constraints(quote: Dialect['quote'], executor: Executor, table: string): Promise<readonly string[]> {
  const rows = await executor.query(
    `SELECT k.conname AS name, pg_get_constraintdef(k.oid) AS text FROM pg_catalog.pg_constraint k
     WHERE k.conrelid = (SELECT c.oid ${OF_TABLE}) AND k.contype IN ('p', 'u', 'c') ORDER BY k.contype DESC, k.conname`,
    [table],
  );
  return rows.map(
    (row) => `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${quote(String(row['name']))} ${String(row['text'])}`,
  );
}

/** Indexes that belong to no constraint; pg_get_indexdef writes the schema before the table. */
async function indexes(executor: Executor, table: string): Promise<readonly string[]> {
  const rows = await executor.query(
    `SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ',
       ' ON ' || quote_ident(c.relname) || ' ') AS text
     FROM pg_catalog.pg_index i
     JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relname = ?
       AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = c.oid)
     ORDER BY 1`,
    [table],
  );
  return rows.map((row) => String(row['text']));
}
