import type { Problem } from '../../model/error.ts';
import type { SqlValue, Database } from '../../db/database.ts';
import type { ColumnInfo, TableInfo } from '../../db/dialect.ts';

/** SQL with the values of its marks, in their order. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}

/** Columns of `images` that are read where they exist; some eras lack them. */
export const OPTIONAL_COLUMNS = ['owner', 'min_disk'] as const;
type OptionalColumn = (typeof OPTIONAL_COLUMNS)[number];

/**
 * The order in which the rows of `images` are read. `key`: by `images.id`, the physical order on servers with clustered
 * keys. `row-number`: the order of rows in the file; ids are random, and in their order every row would be on another
 * page of it.
 */
export type ScanOrder = { readonly kind: 'key' } | { readonly kind: 'row-number'; readonly column: string };

/** A Glance database as it was found: columns and tables, never a version number. */
export interface GlanceSchema {
  /** For people: the releases whose finished schema has these columns and tables. No code may branch on it. */
  readonly era: string;
  /** Integers in Cactus and Diablo, uuids as text from Essex on. Ids are text in this program either way. */
  readonly keyKind: 'integer' | 'text';
  /** `images.id`: result tables copy its type, character set and collation. */
  readonly idColumn: ColumnInfo;
  /** Whether the database takes ids that differ only by case for the same (MySQL's `_ci` collations). */
  readonly idComparison: 'exact' | 'case-insensitive';
  readonly images: TableInfo;
  readonly properties: TableInfo;
  readonly optionalColumns: ReadonlySet<OptionalColumn>;
  /** Triggers on `images` (Ocata between expand and contract, or somebody's own). */
  readonly triggers: readonly string[];
  /**
   * Tables in an engine without transactions that evidence is read from or results are written to. The caller refuses
   * them.
   */
  readonly nonTransactionalTables: readonly { readonly table: string; readonly engine: string }[];
  /**
   * Whether a range of `image_properties.image_id` holds the same images as that range of `images.id`: `same-order`
   * where type, character set and collation agree, so that both columns sort alike.
   */
  readonly propertyRange: 'same-order' | 'other-order';
  /** Names of the properties that are read of every image; each is one string for all rows. */
  readonly propertyNames: ReadonlyMap<string, string>;
  /**
   * `as-read`: the texts of properties are compared (an operator's answers). `by-meaning`: only the rules look at them,
   * and one text represents all others of the same meaning.
   */
  readonly propertyValues: 'as-read' | 'by-meaning';
  readonly scan: ScanOrder;
  /** SQL of `shapeColumn` for the alias `i`; null where rows must be read column by column. */
  readonly shape: string | null;
  /** Harmless oddities, one sentence each, for the operator. */
  readonly remarks: readonly string[];
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

/**
 * Converts driver values to the few types of Glance's columns. The same column arrives as string, number, bigint or
 * boolean, depending on the engine; a row with any other type cannot be carried through.
 */

/** A key as text: `42`, `4f9a…`; null where it is NULL or of a type that no key has. */
export function keyText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}

/**
 * Reads BOOLEAN (postgres) or 0 and 1 (mysql: number, sqlite: bigint). NULL, which no Glance writes, counts as false.
 */
export function flag(value: unknown): boolean {
  return value === true || value === 1 || value === 1n || (value !== false && value !== null && Number(value) !== 0);
}

/** Collects the problems of rows; each names its row for a person. */
export interface RowComplaints {
  readonly problems: Problem[];
}

export function textOrNull(value: unknown, place: string, complaints: RowComplaints): string | null {
  if (typeof value === 'string' || value === null) return value;
  if (value === undefined) return null;
  complaints.problems.push(unreadable(place, 'text or NULL', `a value of type ${typeof value}`));
  return null;
}

/** Reads BIGINT: string (mysql, postgres), bigint (sqlite), or a whole number. */
export function bigintOrNull(value: unknown, place: string, complaints: RowComplaints): bigint | null {
  if (typeof value === 'bigint' || value === null) return value;
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,19}$/u.test(value)) return BigInt(value);
  complaints.problems.push(unreadable(place, 'a whole number or NULL', `a value of type ${typeof value}`));
  return null;
}

export function unreadable(place: string, expected: string, found: string): Problem {
  return { place, expected, found, advice: 'repair the row by SQL (Glance itself cannot serve it), then run again' };
}
