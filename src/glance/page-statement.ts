import type { SqlValue } from '../db/database.ts';
import { imageColumns } from './image-row.ts';
import { bindKey } from './key-binding.ts';
import type { GlanceSchema } from './schema.ts';

export interface Statement {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}

/** Characters of a property value that are read; the server cuts, so that a 64 KB value is never transferred. */
const VALUE_LENGTH = 1_024;

/**
 * One page of `images` after a key, by key, soft-deleted rows included: a range scan of the primary key on every engine.
 * `after` null begins at the very first row, whatever its key.
 */
export function pageStatement(schema: GlanceSchema, after: string | null, pageSize: number): Statement {
  const select = `SELECT ${imageColumns(schema)} FROM images`;
  const order = `ORDER BY id LIMIT ${wholeNumber(pageSize)}`;
  if (after === null) return { sql: `${select} ${order}`, bindings: [] };
  return { sql: `${select} WHERE id > ? ${order}`, bindings: [boundKey(schema, after)] };
}

/**
 * The properties of all images with `after` < key <= `last` that anything is decided by: live ones, and those that lost their
 * deletion time (Launchpad bug glance#901534). `NOT deleted` reads the same on a BOOLEAN and on a TINYINT, and keeps the
 * optimizer from the index on `deleted`.
 */
export function propertyRangeStatement(schema: GlanceSchema, after: string | null, last: string): Statement {
  const upper = boundKey(schema, last);
  return after === null
    ? propertyStatement(schema, 'image_id <= ?', [upper])
    : propertyStatement(schema, 'image_id > ? AND image_id <= ?', [boundKey(schema, after), upper]);
}

export function propertyListStatement(schema: GlanceSchema, list: Statement): Statement {
  return propertyStatement(schema, `image_id IN ${list.sql}`, list.bindings);
}

function propertyStatement(schema: GlanceSchema, where: string, bindings: readonly SqlValue[]): Statement {
  const names = [...schema.propertyNames.keys()];
  return {
    sql: `SELECT image_id, name, SUBSTR(value, 1, ${VALUE_LENGTH}) AS head, deleted FROM image_properties
          WHERE ${where} AND name IN (${names.map(() => '?').join(', ')}) AND (NOT deleted OR deleted_at IS NULL)`,
    bindings: [...bindings, ...names],
  };
}

function boundKey(schema: GlanceSchema, key: string): SqlValue {
  const bound = bindKey(schema, key);
  if (bound === null) throw new Error(`a key that was read from the table is none: ${key}`);
  return bound;
}

function wholeNumber(pageSize: number): number {
  if (!Number.isSafeInteger(pageSize) || pageSize < 1) throw new Error(`a page has at least one row, not ${pageSize}`);
  return pageSize;
}
