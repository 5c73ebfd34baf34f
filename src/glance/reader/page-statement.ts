import { imageColumns } from './image-row.ts';
import { positionColumn, type ScanRange, wholeNumber, withinRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { Statement } from '../tables/statement.ts';

/** The column of a page that holds a row's position. */
export const POSITION = 'scan_position';

/**
 * What is read of a row: all columns, or its id, its name and one text for everything else that decisions depend on.
 */
export type PageColumns = 'all' | 'decisive';

/** Selects one page of `images` in scan order, soft-deleted rows included: a range scan on every engine. */
export function pageStatement(
  schema: GlanceSchema,
  columns: PageColumns,
  range: ScanRange,
  pageSize: number,
): Statement {
  const position = positionColumn(schema, 'i');
  const selected =
    columns === 'decisive' && schema.shape !== null
      ? `i.id, i.name, ${schema.shape} AS shape`
      : imageColumns(schema, 'i');
  const also = schema.scan.kind === 'key' ? '' : `, ${position} AS ${POSITION}`;
  const { sql, bindings } = withinRange(schema, 'i', range);
  return {
    sql: `SELECT ${selected}${also} FROM images i WHERE ${sql} ORDER BY ${position} LIMIT ${wholeNumber(pageSize)}`,
    bindings,
  };
}
