import { describe, expect, it } from 'vitest';

import { eraOf } from '../../src/glance/era.ts';

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
