import type { ColumnSpec, TableSpec } from '../dialect.ts';
import { quoteStandard } from '../quote-standard.ts';

/** `CREATE TABLE` and one `CREATE INDEX` an index; an index has the table's name before its own, for names are the file's. */
export function createSqliteTable(table: TableSpec): readonly string[] {
  const lines = [
    ...table.columns.map((column) => `${quoteStandard(column.name)} ${columnType(column)}`),
    `PRIMARY KEY (${table.primaryKey.map(quoteStandard).join(', ')})`,
  ];
  return [
    `CREATE TABLE ${quoteStandard(table.name)} (\n  ${lines.join(',\n  ')}\n)`,
    ...table.indexes.map(
      (index) =>
        `CREATE INDEX ${quoteStandard(`${table.name}_${index.name}`)} ON ${quoteStandard(table.name)} (${index.columns.map(quoteStandard).join(', ')})`,
    ),
  ];
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
