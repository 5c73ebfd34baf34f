import { describe, expect, it } from 'vitest';

import {
  bigintOrNull,
  flag,
  keyText,
  type RowComplaints,
  textOrNull,
  bindKey,
  comparable,
  keyKindOf,
  keyLists,
  bindPosition,
  idsWithinRange,
  positionColumn,
  wholeNumber,
  withinRange,
  WHOLE_TABLE,
} from '../../../src/glance/tables/schema.ts';
import { schemaWith, BY_ROW_NUMBER } from '../support/schema.ts';

const KEYS = schemaWith();
const NUMBERS = schemaWith({ scan: BY_ROW_NUMBER });

describe('a range in scan order', () => {
  it('has no bounds where it is the whole table', () => {
    expect(withinRange(KEYS, 'i', WHOLE_TABLE)).toEqual({ sql: '1 = 1', bindings: [] });
  });

  it('begins behind `after` and ends with `until`', () => {
    expect(withinRange(KEYS, 'i', { after: 'a', until: 'b' })).toEqual({
      sql: 'i.id > ? AND i.id <= ?',
      bindings: ['a', 'b'],
    });
    expect(withinRange(NUMBERS, 'i', { after: '7', until: null })).toEqual({ sql: 'i.rowid > ?', bindings: [7] });
    expect(withinRange(NUMBERS, 'i', { after: null, until: '9' })).toEqual({ sql: 'i.rowid <= ?', bindings: [9] });
  });

  it('is a range of ids in another table, or a list where rows are read by number', () => {
    const range = { after: '7', until: null };
    expect(idsWithinRange(KEYS, 'p.image_id', range)).toEqual({ sql: 'p.image_id > ?', bindings: ['7'] });
    expect(idsWithinRange(NUMBERS, 'p.image_id', range)).toEqual({
      sql: 'p.image_id IN (SELECT i.id FROM images i WHERE i.rowid > ?)',
      bindings: [7],
    });
  });
});

describe('a position', () => {
  it('is the key or the row number', () => {
    expect([positionColumn(KEYS, 'i'), positionColumn(NUMBERS, 'x')]).toEqual(['i.id', 'x.rowid']);
    expect([bindPosition(KEYS, '7'), bindPosition(NUMBERS, '7')]).toEqual(['7', 7]);
  });

  it('that can be no key of the table is a bug', () => {
    expect(() => bindPosition(schemaWith({ keyKind: 'integer' }), 'x')).toThrow('is none: x');
  });
});

describe('the rows of a page', () => {
  it('are a whole number from 1 on', () => {
    expect(wholeNumber(1)).toBe(1);
    for (const rows of [0, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => wholeNumber(rows)).toThrow('at least one row');
  });
});

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

function collected(read: (complaints: RowComplaints) => unknown): readonly [unknown, number] {
  const complaints: RowComplaints = { problems: [] };
  return [read(complaints), complaints.problems.length];
}

describe('values of drivers', () => {
  it('give keys as text, and null for what can be none', () => {
    expect(['a', 7, 7n, null, undefined, true, Buffer.from('a')].map(keyText)).toEqual([
      'a',
      '7',
      '7',
      null,
      null,
      null,
      null,
    ]);
  });

  it('give flags from booleans and numbers; NULL is false', () => {
    expect([true, 1, 1n, '1', 2].map(flag)).toEqual([true, true, true, true, true]);
    expect([false, 0, 0n, null, '0'].map(flag)).toEqual([false, false, false, false, false]);
  });

  it('give whole numbers as bigint, and complain about all others', () => {
    expect(['-12', 12, 12n, null, undefined].map((value) => collected((to) => bigintOrNull(value, 'x', to)))).toEqual([
      [-12n, 0],
      [12n, 0],
      [12n, 0],
      [null, 0],
      [null, 0],
    ]);
    for (const value of ['1.5', '', 1.5, 2 ** 53, true, '12345678901234567890'])
      expect(collected((to) => bigintOrNull(value, 'x', to))).toEqual([null, 1]);
  });

  it('give texts, and complain about bytes by place and type', () => {
    expect(collected((to) => textOrNull('é', 'x', to))).toEqual(['é', 0]);
    const complaints: RowComplaints = { problems: [] };
    expect(textOrNull(Buffer.from('a'), 'images.name of 1', complaints)).toBeNull();
    expect(complaints.problems).toMatchObject([{ place: 'images.name of 1', found: 'a value of type object' }]);
  });
});
