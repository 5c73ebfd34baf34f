import type { Database } from '../db/database.ts';
import type { ColumnInfo, TableInfo } from '../db/dialect.ts';
import { RetypeError } from '../model/error.ts';
import { eraOf, findOddities } from './oddities.ts';
import { keyKindOf } from './tables/keys.ts';
import { findScanOrder } from './tables/scan-order.ts';
import { type GlanceSchema, OPTIONAL_COLUMNS } from './tables/schema.ts';
import { propertyDigest, propertyNamesFor } from './properties/property-statement.ts';
import { imageDigests } from './reader/digest.ts';
import { packingOf } from './tables/packed-rows.ts';
import { shapeColumn } from './reader/shaped-row.ts';

/** MySQL and MariaDB engines with transactions. Any other (MyISAM, Aria, MEMORY) cannot undo a batch. */
const TRANSACTIONAL_ENGINES = new Set(['innodb', 'rocksdb', 'tokudb', 'ndbcluster', 'ndb']);

interface Wanted {
  /** Names of properties to read besides those of the rules: any text without NUL, a few hundred at most. */
  readonly alsoProperties?: readonly string[];
}

/**
 * Examines the tables themselves. Columns decide, never the version tables: MySQL's DDL is not transactional, and
 * they are wrong whenever an upgrade was interrupted.
 *
 * @throws RetypeError NOT_GLANCE, GLANCE_TOO_OLD, ROWS_HIDDEN, MISSING_GRANT, or GLANCE_HALF_MIGRATED with every oddity
 * found.
 */
export async function introspectGlance(database: Database, { alsoProperties }: Wanted = {}): Promise<GlanceSchema> {
  const tables = new Set(await database.dialect.listTables(database));
  const images = tables.has('images') ? await database.dialect.describeTable(database, 'images') : null;
  if (images?.columns.some(({ name }) => name === 'disk_format') !== true) await refuseBlind(database);
  refuseForeign(database.label, tables, images);
  const properties = await database.dialect.describeTable(database, 'image_properties');

  refuseHiddenRows(images, properties);

  const [oddity, ...more] = findOddities(images, properties);
  if (oddity !== undefined) throw new RetypeError('GLANCE_HALF_MIGRATED', [oddity, ...more]);
  const idColumn = columnOf(images, 'id');
  const keyKind = keyKindOf(idColumn.type);
  if (properties === null || keyKind === 'other') throw new Error('an oddity was found but not reported');

  const columns = new Set(images.columns.map((column) => column.name));
  const optionalColumns = new Set(OPTIONAL_COLUMNS.filter((name) => columns.has(name)));
  const shape = shapeColumn(database.dialect, images, optionalColumns, 'i');
  return {
    era: eraOf({ keyKind, columns, tables }),
    keyKind,
    idColumn,
    idComparison: /_ci$/iu.test(idColumn.collation ?? '') ? 'case-insensitive' : 'exact',
    images,
    properties,
    optionalColumns,
    triggers: images.triggers,
    nonTransactionalTables: [images, properties].flatMap(({ name, engine }) =>
      engine === null || TRANSACTIONAL_ENGINES.has(engine.toLowerCase()) ? [] : [{ table: name, engine }],
    ),
    propertyRange: sortAlike(idColumn, columnOf(properties, 'image_id')) ? 'same-order' : 'other-order',
    propertyValues: (alsoProperties ?? []).length > 0 ? 'as-read' : 'by-meaning',
    scan: await findScanOrder(database, keyKind),
    pack: packingOf(database.dialect, images, properties),
    shape,
    propertyDigest: propertyDigest(database.dialect, properties),
    digests: imageDigests(database.dialect, images, { optionalColumns, shape }),
    propertyNames: propertyNamesFor(columnOf(properties, 'name').charset, alsoProperties ?? []),
    remarks: remarksOn(columns, tables, images),
  };
}

/**
 * Refuses an account that cannot see the table: MySQL lists to an account only tables and columns that it has a
 * privilege on.
 */
async function refuseBlind(database: Database): Promise<void> {
  if ((await database.dialect.missingPrivileges(database, 'images', ['select'])).length === 0) return;
  throw new RetypeError('MISSING_GRANT', {
    place: `table images in ${database.label}`,
    expected: 'SELECT',
    found: 'no SELECT, so that nobody can tell whether the table is there',
    advice: 'grant it to the database user, or name a user that has it',
  });
}

function refuseForeign(
  label: string,
  tables: ReadonlySet<string>,
  images: TableInfo | null,
): asserts images is TableInfo {
  const columns = new Set(images?.columns.map((column) => column.name));
  if (columns.has('disk_format') || columns.has('container_format')) return;
  const looksLikeBexar = ['id', 'type', 'status', 'is_public', 'location', 'deleted'].every((name) =>
    columns.has(name),
  );
  if (looksLikeBexar) {
    throw new RetypeError('GLANCE_TOO_OLD', {
      place: `${label}, table images`,
      expected: 'the columns disk_format and container_format (Cactus, 2011.2)',
      found: 'the column type instead (Bexar)',
      advice: 'let Glance 2011.2 upgrade the database first (glance-manage db_sync, migration 003)',
    });
  }
  throw new RetypeError('NOT_GLANCE', {
    place: label,
    expected: 'a table images with the columns disk_format and container_format',
    found: describeForeign(tables, images),
    advice:
      'check the database name in the address; Glance keeps its tables in a database of its own, usually named glance',
  });
}

/** Refuses an account that sees only some of the rows: it would take the others for done. */
function refuseHiddenRows(images: TableInfo, properties: TableInfo | null): void {
  const [first, ...more] = [images, properties].flatMap((table) =>
    table?.hiddenRows !== 'some'
      ? []
      : [
          {
            place: `table ${table.name}`,
            expected: 'an account that sees every row',
            found: 'row-level security that applies to this account',
            advice: "name the table's owner, or a role with BYPASSRLS",
          },
        ],
  );
  if (first !== undefined) throw new RetypeError('ROWS_HIDDEN', [first, ...more]);
}

function describeForeign(tables: ReadonlySet<string>, images: TableInfo | null): string {
  if (tables.size === 0) return 'no tables at all';
  if (images === null) return `${tables.size} tables, none of them named images`;
  return 'a table images with neither of them';
}

function columnOf(table: TableInfo, name: string): ColumnInfo {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`${table.name}.${name} was promised by the check before`);
  return column;
}

function sortAlike(left: ColumnInfo, right: ColumnInfo): boolean {
  return (
    keyKindOf(left.type) === keyKindOf(right.type) &&
    left.charset === right.charset &&
    left.collation === right.collation
  );
}

function remarksOn(columns: ReadonlySet<string>, tables: ReadonlySet<string>, images: TableInfo): readonly string[] {
  const remarks: string[] = [];
  if (columns.has('is_public') && columns.has('visibility')) {
    remarks.push('images has both is_public and visibility: the Ocata upgrade was expanded and not yet contracted');
  }
  if (columns.has('location') && tables.has('image_locations')) {
    remarks.push('images.location is still there beside image_locations: migrations 018 to 020 are unfinished');
  }
  if (columns.has('os_hidden') !== columns.has('os_hash_value')) {
    remarks.push('images has only one of os_hidden and os_hash_value: the Rocky expand is unfinished');
  }
  if (images.triggers.length > 0) remarks.push(`images has triggers: ${images.triggers.join(', ')}`);
  return remarks;
}
