import { describe, expect, it } from 'vitest';

import { imageColumns, readImageRow } from '../../../src/glance/reader/image-row.ts';
import type { RowComplaints } from '../../../src/glance/tables/driver-value.ts';
import { schemaWith } from '../support/schema.ts';

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
