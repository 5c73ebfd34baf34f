import { describe, expect, it } from 'vitest';

import { pageStatement } from '../../../src/glance/reader/page-statement.ts';
import { BY_ROW_NUMBER, schemaWith } from '../support/schema.ts';

const RANGE = { after: '5', until: null };

describe('the statement for a page', () => {
  it('reads all columns, or the shape where the table has one', () => {
    const shaped = schemaWith({ shape: "CONCAT('x')" });
    expect(pageStatement(shaped, 'decisive', RANGE, 3)).toEqual({
      sql: "SELECT i.id, i.name, CONCAT('x') AS shape FROM images i WHERE i.id > ? ORDER BY i.id LIMIT 3",
      bindings: ['5'],
    });
    expect(pageStatement(shaped, 'all', RANGE, 3).sql).toContain('i.disk_format');
    expect(pageStatement(schemaWith(), 'decisive', RANGE, 3).sql).toContain('i.disk_format');
  });

  it('reads the position where that is no key', () => {
    const { sql, bindings } = pageStatement(schemaWith({ scan: BY_ROW_NUMBER }), 'all', RANGE, 3);
    expect(sql).toMatch(/, i\.rowid AS scan_position FROM images i WHERE i\.rowid > \? ORDER BY i\.rowid LIMIT 3$/);
    expect(bindings).toEqual([5]);
  });
});
