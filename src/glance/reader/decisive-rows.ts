import type { DriverRow, Executor } from '../../db/database.ts';
import { keyText } from '../tables/driver-value.ts';
import { readPacked } from '../tables/packed-rows.ts';
import type { ScanRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import { pageStatement, POSITION } from './image-row.ts';

/** Consecutive rows in scan order, column by column: no object is made for a row. */
export interface DecisiveRows {
  readonly ids: readonly string[];
  readonly names: readonly (string | null)[];
  /** Texts of `shapeColumn`, not parsed. */
  readonly shapes: readonly string[];
  /** Position of the last row; null where there is none. */
  readonly until: string | null;
}

/**
 * Reads ids, names and shapes of a page.
 * @returns null where a row must be read column by column: no Glance wrote its shape or its name.
 */
export async function readDecisiveRows(
  executor: Executor,
  schema: GlanceSchema,
  range: ScanRange,
  pageSize: number,
): Promise<DecisiveRows | null> {
  const page = pageStatement(schema, 'decisive', range, pageSize);
  const position = schema.scan.kind === 'key' ? [] : [POSITION];
  const lists = await readPacked(executor, schema, page, ['id', 'name', 'shape', ...position]);
  if (lists === null) return columnsOf(await executor.query(page.sql, page.bindings), schema);
  const [ids = [], names = [], shapes = [], positions = ids] = lists;
  if (!isWhole(ids) || !isWhole(shapes)) return null;
  return { ids, names, shapes, until: positions.at(-1) ?? null };
}

function isWhole(texts: readonly (string | null)[]): texts is readonly string[] {
  return !texts.includes(null);
}

function columnsOf(rows: readonly DriverRow[], schema: GlanceSchema): DecisiveRows | null {
  const ids: string[] = [];
  const names: (string | null)[] = [];
  const shapes: string[] = [];
  for (const { id: key, name, shape } of rows) {
    const id = keyText(key);
    if (id === null || typeof shape !== 'string' || (typeof name !== 'string' && name !== null)) return null;
    ids.push(id);
    names.push(name);
    shapes.push(shape);
  }
  return { ids, names, shapes, until: keyText(rows.at(-1)?.[schema.scan.kind === 'key' ? 'id' : POSITION]) };
}
