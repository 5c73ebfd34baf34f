import type { SqlValue } from '../../db/database.ts';
import type { GlanceSchema } from './schema.ts';

/** SQL with the values of its marks, in their order. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}

/** Ids of one `IN (…)` list; far below the smallest limit of any engine on bound values (SQLite: 32,766). */
const LIST_LENGTH = 1_000;

/**
 * Converts an id to the value to bind. Integer keys are bound as numbers and text keys as text: comparing a number with
 * a varchar makes MySQL cast every row instead of using the primary key.
 *
 * @returns null where the text cannot be a key of this table (an integer key that is not a number).
 */
export function bindKey(schema: GlanceSchema, id: string): SqlValue | null {
  if (schema.keyKind === 'text') return id;
  return /^-?\d{1,15}$/u.test(id) ? Number(id) : null;
}

/** The form of an id in which two ids are equal exactly where the database takes them for the same. */
export function comparable(schema: GlanceSchema, id: string): string {
  return schema.idComparison === 'exact' ? id : id.toLowerCase();
}

/** Cuts ids into chunks, each with the SQL of its list: `(?, ?, …)`. Ids that cannot be keys are left out. */
export function* keyLists(schema: GlanceSchema, ids: readonly string[]): Generator<Statement> {
  const keys = ids.map((id) => bindKey(schema, id)).filter((key) => key !== null);
  for (let start = 0; start < keys.length; start += LIST_LENGTH) {
    const bindings = keys.slice(start, start + LIST_LENGTH);
    yield { sql: `(${Array.from(bindings, () => '?').join(', ')})`, bindings };
  }
}

/** Derives the kind of a key from its column's type, as DDL spells it. */
export function keyKindOf(type: string): 'integer' | 'text' | 'other' {
  if (/^(?:int|integer|bigint|mediumint|smallint|serial)\b/iu.test(type)) return 'integer';
  if (/^(?:varchar|character varying|char|character|text|nvarchar)\b/iu.test(type)) return 'text';
  return 'other';
}
