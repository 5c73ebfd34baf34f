import { describe, expect, it } from 'vitest';

import { pageStatement, imageColumns, readImageRow } from '../../../src/glance/reader/image-row.ts';
import { BY_ROW_NUMBER, schemaWith } from '../support/schema.ts';
import type { RowComplaints } from '../../../src/glance/tables/driver-value.ts';

const ROW = {
  id: 'a',
  name: 'n',
  status: 'active',
  deleted: 0,
  disk_format: 'raw',
  container_format: 'bare',
  size: '7',
  owner: null,
  min_disk: 20,
};

function read(changes: Readonly<Record<string, unknown>>): readonly [unknown, readonly string[]] {
  const complaints: RowComplaints = { problems: [] };
  return [readImageRow({ ...ROW, ...changes }, complaints), complaints.problems.map(({ place }) => place)];
}

describe('a row of images', () => {
  it('is carried through as it is', () => {
    expect(read({ id: 42n, deleted: true, disk_format: null })).toEqual([
      {
        id: '42',
        name: 'n',
        owner: null,
        status: 'active',
        deleted: true,
        diskFormat: null,
        containerFormat: 'bare',
        size: 7n,
        minDisk: 20,
      },
      [],
    ]);
  });

  it('has no minimal disk where the era has no such column', () => {
    expect(read({ min_disk: undefined })[0]).toMatchObject({ minDisk: null });
  });

  it('is refused without a key or a status, by name or by id', () => {
    expect(read({ id: null })).toEqual([null, ['images.id of the row named "n"']]);
    expect(read({ status: null })).toEqual([null, ['images.status of a']]);
  });

  it('is complained about column by column where values are of no type of theirs', () => {
    const bytes = Buffer.from([255]);
    expect(read({ name: bytes, disk_format: bytes, size: 'many' })[1]).toEqual([
      'images.name of a',
      'images.disk_format of a',
      'images.size of a',
    ]);
  });

  it('is selected by the names of its columns, those of some eras last', () => {
    expect(imageColumns(schemaWith(), 'i')).toBe(
      'i.id, i.name, i.status, i.deleted, i.disk_format, i.container_format, i.size',
    );
    expect(imageColumns(schemaWith({ optionalColumns: new Set(['owner'] as const) }), 'x')).toMatch(
      /, x\.size, x\.owner$/,
    );
  });
});

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
