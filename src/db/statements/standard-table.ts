import type { ColumnSpec, TableSpec } from '../dialect.ts';
import { quoteStandard } from './quote-standard.ts';

/**
 * `CREATE TABLE` and one `CREATE INDEX` an index, where indexes are made apart from the table. An index has the table's name before
 * its own, for its name must be unique in the schema or file.
 *
 * @param columnType the engine's spelling of a column's type, with NOT NULL where it applies.
 */
export function createStandardTable(table: TableSpec, columnType: (column: ColumnSpec) => string): readonly string[] {
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
