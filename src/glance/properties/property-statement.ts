import type { Dialect, TableInfo } from '../../db/dialect.ts';
import { EVIDENCE_PROPERTIES } from '../../model/image.ts';
import { DIGEST, type Digested, digestSelection, joinable } from '../tables/digest.ts';
import type { ScanRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { Statement } from '../tables/keys.ts';
import { idsWithinRange, wholeNumber, withinRange } from '../tables/scan-order.ts';

/** Characters read of a property value; the server cuts, so that a value of 64 KB is never transferred. */
const VALUE_LENGTH = 1_024;

/**
 * Selects the properties of all images of a range that decisions may depend on: live ones, and those that lost their
 * deletion time (Launchpad bug glance#901534). `NOT deleted` works on a BOOLEAN and on a TINYINT, and keeps the
 * optimizer off the index on `deleted`.
 */
export function propertyRangeStatement(schema: GlanceSchema, range: ScanRange): Statement {
  if (schema.scan.kind === 'key') {
    return propertyStatement(schema, idsWithinRange(schema, 'p.image_id', range));
  }
  return propertyStatement(schema, withinRange(schema, 'i', range), {
    from: 'images i CROSS JOIN image_properties p ON p.image_id = i.id',
    // Not a bare column, or the planner looks every name up separately for every image.
    name: "COALESCE(p.name, '')",
  });
}

export function propertyListStatement(schema: GlanceSchema, list: Statement): Statement {
  return propertyStatement(
    schema,
    { sql: `p.image_id IN ${list.sql}`, bindings: list.bindings },
    // Not a bare column, or MySQL plans a range for each pair of an id and a name.
    { name: "COALESCE(p.name, '')" },
  );
}

/** Selects a page of the whole table in the order of its own key, after `after`, an `image_properties.id`. */
export function propertyScanStatement(
  schema: GlanceSchema,
  after: number | null,
  rows: number,
  digested: Digested = 'none',
): Statement {
  const where = after === null ? ANYWHERE : { sql: 'p.id > ?', bindings: [after] };
  const digest = digested === 'none' ? '' : `, ${schema.propertyDigest} AS ${DIGEST}`;
  const columns = `p.id, ${PROPERTY_COLUMNS}${digest}`;
  const { sql, bindings } = propertyStatement(schema, where, { columns });
  return { sql: `${sql} ORDER BY p.id LIMIT ${wholeNumber(rows)}`, bindings };
}

const ANYWHERE: Statement = { sql: '1 = 1', bindings: [] };

/** Selects the digest of all rows that `propertyScanStatement` selects. */
export function propertyDigestStatement(schema: GlanceSchema): Statement {
  return propertyStatement(schema, ANYWHERE, { columns: digestSelection(schema.propertyDigest) });
}

/** SQL of the digest of what is read of a row of `image_properties`, alias `p`. */
export function propertyDigest(dialect: Pick<Dialect, 'asText' | 'digest'>, properties: TableInfo): string {
  const [image = '', name = '', value = ''] = joinable(dialect, properties, 'p', ['image_id', 'name', 'value']);
  const head = `SUBSTR(${value}, 1, ${VALUE_LENGTH})`;
  return dialect.digest([image, name, head, "CASE WHEN p.value IS NULL THEN 'N' ELSE 'T' END", 'p.deleted']);
}

const PROPERTY_COLUMNS = `p.image_id, p.name, SUBSTR(p.value, 1, ${VALUE_LENGTH}) AS head, p.deleted`;

function propertyStatement(
  schema: GlanceSchema,
  where: Statement,
  { columns = PROPERTY_COLUMNS, from = 'image_properties p', name = 'p.name' } = {},
): Statement {
  const names = [...schema.propertyNames.keys()];
  return {
    sql: `SELECT ${columns} FROM ${from}
          WHERE ${where.sql} AND ${name} IN (${names.map(() => '?').join(', ')}) AND (NOT p.deleted OR p.deleted_at IS NULL)`,
    bindings: [...where.bindings, ...names],
  };
}

/** Whether a column can hold a text, by its character set; null is an engine whose columns hold any text. */
const HOLDS: ReadonlyMap<string | null, (name: string) => boolean> = new Map([
  [null, () => true],
  ['utf8mb4', () => true],
  ['utf8mb3', isInBasicPlane],
  ['utf8', isInBasicPlane],
  ['latin1', isLatin],
]);

/**
 * The property names to read, each mapped to itself: those of the rules and `also`, save for names that the column
 * cannot hold. No row has such a name, and MySQL refuses to compare it ("Illegal mix of collations").
 *
 * @param charset of `image_properties.name`; null where the engine has none per column.
 */
export function propertyNamesFor(charset: string | null, also: readonly string[]): ReadonlyMap<string, string> {
  const holds = HOLDS.get(charset) ?? ((name) => /^\p{ASCII}*$/u.test(name));
  return new Map([...EVIDENCE_PROPERTIES, ...also.filter(holds)].map((name) => [name, name]));
}

function isInBasicPlane(name: string): boolean {
  return !/[\ud800-\udfff]/.test(name);
}

/** MySQL's latin1 is Windows code page 1252: Latin 1, with these characters in place of most of its controls. */
function isLatin(name: string): boolean {
  return /^[\0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/.test(name);
}
