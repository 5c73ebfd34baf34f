import type { SqlValue, Database } from '../../db/database.ts';
import { type Statement, bindKey } from './keys.ts';
import type { ScanOrder, GlanceSchema } from './schema.ts';

/**
 * A part of `images` in scan order. Positions are text: keys or row numbers as read, compared by the database alone.
 * `after` is exclusive, `until` inclusive; null is the beginning or the end of the table.
 */
export interface ScanRange {
  readonly after: string | null;
  readonly until: string | null;
}

export const WHOLE_TABLE: ScanRange = { after: null, until: null };

/** Finds the scan order. The table itself tells whether it has row numbers: one made WITHOUT ROWID has none. */
export async function findScanOrder(database: Database, keyKind: GlanceSchema['keyKind']): Promise<ScanOrder> {
  const column = database.dialect.rowNumber;
  // An integer primary key is the row number.
  if (column === null || keyKind === 'integer') return { kind: 'key' };
  try {
    await database.query(`SELECT ${column} FROM images LIMIT 1`);
    return { kind: 'row-number', column };
  } catch {
    return { kind: 'key' };
  }
}

/** SQL of a row's position. */
export function positionColumn({ scan }: Pick<GlanceSchema, 'scan'>, alias: string): string {
  return `${alias}.${scan.kind === 'key' ? 'id' : scan.column}`;
}

/** Converts a position to the value to bind. */
export function bindPosition(schema: GlanceSchema, position: string): SqlValue {
  const bound = schema.scan.kind === 'key' ? bindKey(schema, position) : Number(position);
  if (bound === null) throw new Error(`a key that was read from the table is none: ${position}`);
  return bound;
}

/** SQL that is true for rows within a range. */
export function withinRange(schema: GlanceSchema, alias: string, { after, until }: ScanRange): Statement {
  return between(positionColumn(schema, alias), schema, { after, until });
}

/**
 * SQL that is true for rows of another table whose column holds image ids within a range: a range of that column where
 * both tables are in the order of their keys, otherwise a subquery.
 */
export function idsWithinRange(schema: GlanceSchema, column: string, range: ScanRange): Statement {
  if (schema.scan.kind === 'key') return between(column, schema, range);
  const rows = withinRange(schema, 'i', range);
  return { sql: `${column} IN (SELECT i.id FROM images i WHERE ${rows.sql})`, bindings: rows.bindings };
}

function between(column: string, schema: GlanceSchema, { after, until }: ScanRange): Statement {
  const conditions = [...(after === null ? [] : [`${column} > ?`]), ...(until === null ? [] : [`${column} <= ?`])];
  return {
    sql: conditions.length === 0 ? '1 = 1' : conditions.join(' AND '),
    bindings: [after, until].flatMap((position) => (position === null ? [] : [bindPosition(schema, position)])),
  };
}

/** Checks the number of rows for LIMIT. @throws Error where it is not a whole number of at least 1. */
export function wholeNumber(rows: number): number {
  if (!Number.isSafeInteger(rows) || rows < 1) throw new Error(`a page has at least one row, not ${rows}`);
  return rows;
}
