import { describe, expect, it } from 'vitest';

import {
  propertyNamesFor,
  propertyListStatement,
  propertyRangeStatement,
  propertyScanStatement,
} from '../../../src/glance/properties/property-statement.ts';
import { BY_ROW_NUMBER, schemaWith } from '../support/schema.ts';

const SCHEMA = schemaWith({
  propertyNames: new Map([
    ['a', 'a'],
    ['b', 'b'],
  ]),
});
const words = (sql: string): string => sql.replaceAll(/\s+/g, ' ');
const LIVE_OR_LOST = '(NOT p.deleted OR p.deleted_at IS NULL)';

describe('statements for properties', () => {
  it('cut values on the server, and bind range and names in the order of their marks', () => {
    const { sql, bindings } = propertyRangeStatement(SCHEMA, { after: 'x', until: 'y' });
    expect(words(sql)).toBe(
      `SELECT p.image_id, p.name, SUBSTR(p.value, 1, 1024) AS head, p.deleted FROM image_properties p WHERE p.image_id > ? AND p.image_id <= ? AND p.name IN (?, ?) AND ${LIVE_OR_LOST}`,
    );
    expect(bindings).toEqual(['x', 'y', 'a', 'b']);
  });

  it('join the images of a range of row numbers, and hide the name from the planner', () => {
    const { sql, bindings } = propertyRangeStatement({ ...SCHEMA, scan: BY_ROW_NUMBER }, { after: null, until: '9' });
    expect(words(sql)).toContain('FROM images i CROSS JOIN image_properties p ON p.image_id = i.id WHERE i.rowid <= ?');
    expect(sql).toContain("COALESCE(p.name, '') IN (?, ?)");
    expect(bindings).toEqual([9, 'a', 'b']);
  });

  it('take a list of ids, or a page of the whole table by its own key', () => {
    expect(propertyListStatement(SCHEMA, { sql: '(?)', bindings: ['x'] }).bindings).toEqual(['x', 'a', 'b']);
    expect(propertyScanStatement(SCHEMA, null, 5).sql).toMatch(/WHERE 1 = 1 AND .* ORDER BY p\.id LIMIT 5$/s);
    expect(propertyScanStatement(SCHEMA, 41, 5).bindings).toEqual([41, 'a', 'b']);
    expect(() => propertyScanStatement(SCHEMA, null, 0)).toThrow('at least one row');
  });
});

const also = (charset: string | null, ...names: string[]): readonly string[] =>
  names.filter((name) => propertyNamesFor(charset, names).has(name));

describe('propertyNamesFor', () => {
  it('always has the names of the rules, each mapped to itself', () => {
    expect(propertyNamesFor('ascii', []).get('kernel_id')).toBe('kernel_id');
  });

  it.each([
    [null, ['a', 'é', '€', '漢', '😀']],
    ['utf8mb4', ['a', 'é', '€', '漢', '😀']],
    ['utf8mb3', ['a', 'é', '€', '漢']],
    ['utf8', ['a', 'é', '€', '漢']],
    ['latin1', ['a', 'é', '€']],
    ['ascii', ['a']],
    ['koi8r', ['a']],
  ])('leaves out what a column in %s cannot hold', (charset, held) => {
    expect(also(charset, 'a', 'é', '€', '漢', '😀')).toEqual(held);
  });
});
