import type { Dialect, TableInfo } from '../../db/dialect.ts';
import type { Executor } from '../../db/database.ts';
import { LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';
import { digestIn, digestSelection, joinable, type RowsDigest } from '../tables/digest.ts';
import { type ScanRange, withinRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { PageColumns } from './image-row.ts';

/** SQL of the digest of a row of `images`, alias `i`, by what is read of it. */
export function imageDigests(
  dialect: Pick<Dialect, 'asText' | 'digest' | 'isOfType'>,
  images: TableInfo,
  { optionalColumns, shape }: Pick<GlanceSchema, 'optionalColumns' | 'shape'>,
): GlanceSchema['digests'] {
  const columns = ['name', 'status', 'deleted', 'disk_format', 'container_format', 'size', ...optionalColumns];
  const texts = joinable(dialect, images, 'i', ['id', ...columns]);
  const [id = '', name = ''] = texts;
  // A joined text leaves NULL out, so a mark tells it.
  const marked = texts.flatMap((text) => [`CASE WHEN ${text} IS NULL THEN 'N' ELSE 'T' END`, text]);
  const all = dialect.digest(marked);
  if (shape === null) return { all, decisive: all };
  // Where a column takes values of any type, the shape of some rows is NULL, and they are read column by column.
  const isAlwaysTold = dialect.isOfType('i.status', 'text') === null;
  const told = isAlwaysTold ? shape : `COALESCE(${shape}, CONCAT_WS(',', ${marked.join(', ')}))`;
  return { all, decisive: dialect.digest([id, name, told]) };
}

/** Asks the server for the digest of a part of the table as it is now. */
export async function readDigest(
  executor: Executor,
  schema: GlanceSchema,
  columns: PageColumns,
  range: ScanRange,
): Promise<RowsDigest> {
  const { sql, bindings } = withinRange(schema, 'i', range);
  const select = `SELECT ${digestSelection(schema.digests[columns])} FROM images i WHERE ${sql}`;
  return digestIn(await executor.query(select, bindings, LONG_READ_LIMITS));
}
