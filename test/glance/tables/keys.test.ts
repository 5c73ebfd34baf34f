import { describe, expect, it } from 'vitest';
import { bindKey, comparable, keyKindOf, keyLists } from '../../../src/glance/tables/keys.ts';
import { schemaWith } from '../support/schema.ts';

describe('bindKey', () => {
  it('binds text keys as text, whatever they look like', () => {
    expect(bindKey(schemaWith(), '42')).toBe('42');
  });

  it('binds integer keys as numbers, and nothing that is none', () => {
    const integers = schemaWith({ keyKind: 'integer' });
    expect(
      ['42', '-1', '999999999999999', '1e3', '', '4 2', '9999999999999999'].map((id) => bindKey(integers, id)),
    ).toEqual([42, -1, 999_999_999_999_999, null, null, null, null]);
  });
});

describe('keyLists', () => {
  it('cuts ids into lists of a thousand, without those that can be no key', () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => String(index));
    const lists = [...keyLists(schemaWith({ keyKind: 'integer' }), ['x', ...ids])];
    expect(lists.map(({ bindings }) => bindings.length)).toEqual([1_000, 1]);
    expect(lists[1]).toEqual({ sql: '(?)', bindings: [1_000] });
    expect([...keyLists(schemaWith(), [])]).toEqual([]);
  });
});

describe('comparable', () => {
  it('folds case only where the database does', () => {
    expect(comparable(schemaWith(), 'ABC')).toBe('ABC');
    expect(comparable(schemaWith({ idComparison: 'case-insensitive' }), 'ABC')).toBe('abc');
  });
});

describe('keyKindOf', () => {
  it.each([
    ['int(11)', 'integer'],
    ['BIGINT', 'integer'],
    ['varchar(36)', 'text'],
    ['character varying(255)', 'text'],
    ['uuid', 'other'],
    ['interval', 'other'],
    ['', 'other'],
  ])('takes %j for %s', (type, kind) => {
    expect(keyKindOf(type)).toBe(kind);
  });
});
