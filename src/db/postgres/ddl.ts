import type { ColumnSpec, TableSpec } from '../dialect.ts';
import { quoteStandard } from '../quote-standard.ts';

/** `CREATE TABLE` and one `CREATE INDEX` an index; an index has the table's name before its own, for names are a schema's. */
export function createPostgresTable(table: TableSpec): readonly string[] {
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

/** Nullable without a default: a change of the catalogue alone. */
export function addPostgresColumns(
  table: string,
  columns: readonly { readonly name: string; readonly length: number }[],
): readonly string[] {
  const added = columns.map(({ name, length }) => `ADD COLUMN ${quoteStandard(name)} varchar(${length})`);
  return [`ALTER TABLE ${quoteStandard(table)} ${added.join(', ')}`];
}

export function dropPostgresColumns(table: string, columns: readonly string[]): readonly string[] {
  const dropped = columns.map((name) => `DROP COLUMN ${quoteStandard(name)}`);
  return [`ALTER TABLE ${quoteStandard(table)} ${dropped.join(', ')}`];
}

function columnType({ type, nullability }: ColumnSpec): string {
  const empty = nullability === 'null' ? '' : ' NOT NULL';
  if (type.kind === 'key-copy')
    return type.of.type + (type.of.collation === null ? '' : ` COLLATE ${quoteStandard(type.of.collation)}`) + empty;
  return (type.kind === 'varchar' ? `varchar(${type.length})` : type.kind) + empty;
}
