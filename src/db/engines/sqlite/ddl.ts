import type { ColumnSpec, TableSpec } from '../../dialect.ts';
import { quoteStandard } from '../../statements/quote-standard.ts';
import { createStandardTable } from '../../statements/standard-table.ts';

export function createSqliteTable(table: TableSpec): readonly string[] {
  return createStandardTable(table, columnType);
}

/** SQLite adds and drops one column a statement. */
export function addSqliteColumns(
  table: string,
  columns: readonly { readonly name: string; readonly length: number }[],
): readonly string[] {
  return columns.map(
    ({ name, length }) => `ALTER TABLE ${quoteStandard(table)} ADD COLUMN ${quoteStandard(name)} varchar(${length})`,
  );
}

export function dropSqliteColumns(table: string, columns: readonly string[]): readonly string[] {
  return columns.map((name) => `ALTER TABLE ${quoteStandard(table)} DROP COLUMN ${quoteStandard(name)}`);
}

function columnType({ type, nullability }: ColumnSpec): string {
  const empty = nullability === 'null' ? '' : ' NOT NULL';
  if (type.kind === 'key-copy') return type.of.type + empty;
  return (type.kind === 'varchar' ? `varchar(${type.length})` : type.kind) + empty;
}
