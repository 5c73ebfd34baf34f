import type { TableInfo } from '../db/dialect.ts';
import type { Problem } from '../model/error.ts';
import { keyKindOf } from './tables/keys.ts';

const FINISH =
  'finish or repair the upgrade with glance-manage db sync (or restore the dump taken before it), then run again';

/** Columns that `images` and `image_properties` have in every release from Cactus on and that no upgrade drops. */
const LASTING_IMAGE_COLUMNS = [
  'id',
  'name',
  'status',
  'size',
  'created_at',
  'updated_at',
  'deleted_at',
  'deleted',
] as const;
const LASTING_PROPERTY_COLUMNS = ['id', 'image_id', 'value', 'created_at', 'deleted_at', 'deleted'] as const;

/**
 * Finds states that no finished upgrade leaves behind and in which rows cannot be read or written faithfully. States
 * that only look unfinished are no oddities: a missing index, an expanded Ocata, visibility NULL, a version table one
 * step behind.
 */
export function findOddities(images: TableInfo, properties: TableInfo | null): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (place: string, expected: string, found: string): void => {
    problems.push({ place, expected, found, advice: FINISH });
  };
  const columns = new Set(images.columns.map((column) => column.name));
  const keyKind = keyKindOf(images.columns.find((column) => column.name === 'id')?.type ?? '');

  for (const name of LASTING_IMAGE_COLUMNS) {
    if (!columns.has(name)) report(`images.${name}`, 'a column', 'no such column');
  }
  for (const [name, other] of [
    ['disk_format', 'container_format'],
    ['container_format', 'disk_format'],
  ] as const) {
    if (!columns.has(name) && columns.has(other)) {
      report(
        `images.${name}`,
        'a column, because the other legacy column is there',
        'no such column (migration 003 stopped)',
      );
    }
  }
  if (columns.has('type') && columns.has('disk_format') && !columns.has('owner')) {
    report('images.type', 'no such column beside disk_format', 'a column (migration 003 stopped before dropping it)');
  }
  if (columns.has('id') && keyKind === 'other') {
    report('images.id', 'an integer or a varchar key', 'a key of another type');
  }
  if (columns.has('min_disk') !== columns.has('min_ram')) {
    report('images.min_disk and images.min_ram', 'both or neither', 'one of them (migration 009 stopped)');
  }
  if (columns.has('min_disk') && !columns.has('owner')) {
    report('images.owner', 'a column, because min_disk is there', 'no such column (migration 007 stopped)');
  }
  if (keyKind === 'text' && !columns.has('min_disk')) {
    report('images.min_disk', 'a column, because ids are text', 'no such column');
  }
  if (keyKind === 'integer' && (columns.has('protected') || columns.has('virtual_size') || columns.has('visibility'))) {
    report('images.id', 'a varchar key, because columns of later releases are there', 'an integer key');
  }
  if (!columns.has('is_public') && !columns.has('visibility')) {
    report('images.is_public or images.visibility', 'one of the two columns', 'neither');
  }
  reportProperties(properties, keyKind, report);
  return problems;
}

function reportProperties(
  table: TableInfo | null,
  imageKey: 'integer' | 'text' | 'other',
  report: (place: string, expected: string, found: string) => void,
): void {
  if (table === null) {
    report('image_properties', 'a table', 'no such table');
    return;
  }
  const names = new Set(table.columns.map((column) => column.name));
  for (const name of LASTING_PROPERTY_COLUMNS) {
    if (!names.has(name)) report(`image_properties.${name}`, 'a column', 'no such column');
  }
  if (!names.has('name')) {
    const found = names.has('key') ? 'a column `key` instead (migration 006 stopped)' : 'no such column';
    report('image_properties.name', 'a column', found);
  }
  const imageId = table.columns.find((column) => column.name === 'image_id');
  const kind = imageId === undefined ? imageKey : keyKindOf(imageId.type);
  if (kind !== imageKey && imageKey !== 'other') {
    const expected = `the same kind of key as images.id (${imageKey})`;
    report('image_properties.image_id', expected, `${imageId?.type ?? kind} (migration 012 stopped)`);
  }
}

/** The parts of a schema that tell eras apart. */
export interface SchemaMarks {
  readonly keyKind: 'integer' | 'text';
  readonly columns: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
}

/**
 * Names the releases whose finished schema has these columns and tables, newest mark first (sources: Glance's
 * migrations 001 to 045, and its alembic versions up to 2024_1_contract01). Releases that did not change these tables
 * share a name.
 */
export function eraOf({ keyKind, columns, tables }: SchemaMarks): string {
  if (columns.has('os_hash_value') && columns.has('os_hidden')) {
    return tables.has('cached_images') ? '2024.1 or later' : 'Rocky to 2023.2';
  }
  if (columns.has('visibility')) {
    if (columns.has('is_public')) return 'Ocata, expanded but not contracted';
    return columns.has('os_hidden') || columns.has('os_hash_value')
      ? 'Queens, with part of the Rocky expand'
      : 'Ocata to Queens';
  }
  if (columns.has('virtual_size')) {
    if (tables.has('artifacts')) return 'Kilo to Newton';
    return tables.has('metadef_namespaces') ? 'Juno' : 'Icehouse';
  }
  if (tables.has('image_locations')) {
    return columns.has('location') ? 'Folsom, with part of the Grizzly upgrade' : 'Grizzly or Havana';
  }
  if (tables.has('image_tags')) return 'Folsom';
  if (keyKind === 'text') return columns.has('protected') ? 'Essex' : 'Essex milestone (no column protected yet)';
  return columns.has('owner') ? 'Diablo' : 'Cactus';
}
