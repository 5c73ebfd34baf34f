import { describe, expect, it } from 'vitest';
import {
  bindPosition,
  idsWithinRange,
  positionColumn,
  wholeNumber,
  withinRange,
  WHOLE_TABLE,
} from '../../../src/glance/tables/scan-order.ts';
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
