import type { ColumnSpec, TableSpec } from '../../dialect.ts';
import { quoteStandard } from '../../statements/quote-standard.ts';
import { createStandardTable } from '../../statements/standard-table.ts';

export function createPostgresTable(table: TableSpec): readonly string[] {
  return createStandardTable(table, columnType);
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
