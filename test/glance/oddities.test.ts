import { describe, expect, it } from 'vitest';

import { eraOf, findOddities } from '../../src/glance/oddities.ts';
import type { TableInfo } from '../../src/db/dialect.ts';

const IMAGES = [
  'name',
  'status',
  'size',
  'created_at',
  'updated_at',
  'deleted_at',
  'deleted',
  'disk_format',
  'container_format',
  'owner',
  'min_disk',
  'min_ram',
  'visibility',
];
const PROPERTIES = ['id', 'name', 'value', 'created_at', 'deleted_at', 'deleted'];

function table(name: string, columns: readonly string[], keys: Readonly<Record<string, string>>): TableInfo {
  const all = [...columns.map((column) => [column, 'varchar(255)'] as const), ...Object.entries(keys)];
  return {
    name,
    engine: null,
    columns: all.map(([column, type]) => ({ name: column, type, nullable: true, charset: null, collation: null })),
    triggers: [],
    hiddenRows: 'none',
  };
}

const images = (columns = IMAGES, type = 'varchar(36)'): TableInfo => table('images', columns, { id: type });
const properties = (columns = PROPERTIES, type = 'varchar(36)'): TableInfo =>
  table('image_properties', columns, { image_id: type });
const without = (...names: string[]): string[] => IMAGES.filter((name) => !names.includes(name));
const places = (one: TableInfo, other: TableInfo | null): readonly string[] =>
  findOddities(one, other).map(({ place }) => place);

describe('findOddities', () => {
  it('finds none in a finished schema, old or new', () => {
    expect(places(images(), properties())).toEqual([]);
    const diablo = [...without('visibility', 'min_disk', 'min_ram'), 'is_public'];
    expect(places(images(diablo, 'int(11)'), properties(PROPERTIES, 'int(11)'))).toEqual([]);
  });

  it.each([
    ['a half of the legacy columns', without('disk_format'), 'images.disk_format'],
    ['the type of Bexar beside its successors', [...without('owner', 'min_disk', 'min_ram'), 'type'], 'images.type'],
    ['one of two columns that come together', without('min_ram'), 'images.min_disk and images.min_ram'],
    ['neither way of being public', without('visibility'), 'images.is_public or images.visibility'],
    ['a column that every release has', without('size'), 'images.size'],
  ])('finds %s', (_, columns, place) => {
    expect(places(images(columns), properties())).toContain(place);
  });

  it('finds keys that do not fit the columns beside them', () => {
    expect(places(images(IMAGES, 'int(11)'), properties(PROPERTIES, 'int(11)'))).toEqual(['images.id']);
    expect(places(images(), properties(PROPERTIES, 'int(11)'))).toEqual(['image_properties.image_id']);
    expect(places(images(IMAGES, 'uuid'), properties())).toContain('images.id');
  });

  it('finds a missing table of properties, and the old name of its column', () => {
    expect(places(images(), null)).toEqual(['image_properties']);
    const old = [...PROPERTIES.filter((name) => name !== 'name'), 'key'];
    expect(findOddities(images(), properties(old))[0]?.found).toContain('migration 006 stopped');
  });
});

const marks = (keyKind: 'integer' | 'text', columns: readonly string[], tables: readonly string[] = []) => ({
  keyKind,
  columns: new Set(columns),
  tables: new Set(tables),
});

describe('eraOf', () => {
  it.each([
    ['Cactus', marks('integer', [])],
    ['Diablo', marks('integer', ['owner'])],
    ['Essex milestone (no column protected yet)', marks('text', ['owner'])],
    ['Essex', marks('text', ['owner', 'protected'])],
    ['Folsom', marks('text', ['protected', 'location'], ['image_tags'])],
    ['Folsom, with part of the Grizzly upgrade', marks('text', ['location'], ['image_tags', 'image_locations'])],
    ['Grizzly or Havana', marks('text', [], ['image_tags', 'image_locations'])],
    ['Icehouse', marks('text', ['virtual_size'], ['image_locations'])],
    ['Juno', marks('text', ['virtual_size'], ['metadef_namespaces'])],
    ['Kilo to Newton', marks('text', ['virtual_size'], ['metadef_namespaces', 'artifacts'])],
    ['Ocata, expanded but not contracted', marks('text', ['visibility', 'is_public', 'virtual_size'])],
    ['Ocata to Queens', marks('text', ['visibility', 'virtual_size'])],
    ['Queens, with part of the Rocky expand', marks('text', ['visibility', 'os_hidden'])],
    ['Rocky to 2023.2', marks('text', ['visibility', 'os_hidden', 'os_hash_value'])],
    ['2024.1 or later', marks('text', ['visibility', 'os_hidden', 'os_hash_value'], ['cached_images'])],
  ])('names %s', (era, schema) => {
    expect(eraOf(schema)).toBe(era);
  });
});
