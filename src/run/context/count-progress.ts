import type { Database } from '../../db/database.ts';
import { countWithin } from '../../glance/reader/reader.ts';
import type { ScanRange } from '../../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';

/**
 * Counts the rows of a range, and how many of them lie outside its gaps.
 * @param gaps the parts of the range that are not done yet.
 */
export async function countProgress(
  reader: Database,
  schema: GlanceSchema,
  range: ScanRange,
  gaps: readonly ScanRange[],
): Promise<{ readonly total: number; readonly done: number }> {
  const total = await countWithin(reader, schema, range);
  let open = 0;
  for (const gap of gaps)
    open += gap.after === range.after && gap.until === range.until ? total : await countWithin(reader, schema, gap);
  return { total, done: total - open };
}
