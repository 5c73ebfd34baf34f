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
