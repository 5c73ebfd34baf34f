import type { ScanRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { Statement } from '../tables/keys.ts';
import type { RowComplaints } from '../tables/driver-value.ts';
import { positionColumn, wholeNumber, withinRange } from '../tables/scan-order.ts';
import { bigintOrNull, flag, keyText, textOrNull, unreadable } from '../tables/driver-value.ts';
import type { DriverRow } from '../../db/database.ts';
import { DIGEST, type Digested } from '../tables/digest.ts';
import type { ImageRecord } from '../../model/image.ts';

/** The columns to select from `images`, by name: their order differs between created and migrated databases. */
export function imageColumns(schema: GlanceSchema, alias: string): string {
  const columns = ['id', 'name', 'status', 'deleted', 'disk_format', 'container_format', 'size'];
  return [...columns, ...schema.optionalColumns].map((name) => `${alias}.${name}`).join(', ');
}

/**
 * Validates one row of `images`. Problems go to `complaints`, with the row named.
 * @returns null where the row cannot be carried through.
 */
export function readImageRow(row: DriverRow, complaints: RowComplaints): ImageRecord | null {
  const id = keyText(row['id']);
  const status = row['status'];
  if (id === null) {
    const name =
      typeof row['name'] === 'string' ? `the row named ${JSON.stringify(row['name'])}` : 'a row without a name';
    complaints.problems.push(unreadable(`images.id of ${name}`, 'a key', 'NULL'));
    return null;
  }
  if (typeof status !== 'string') {
    const found = status === null ? 'NULL' : `a value of type ${typeof status}`;
    complaints.problems.push(unreadable(`images.status of ${id}`, 'a word', found));
    return null;
  }
  const minDisk = row['min_disk'];
  return {
    id,
    name: typeof row['name'] === 'string' ? row['name'] : textOrNull(row['name'], `images.name of ${id}`, complaints),
    owner:
      typeof row['owner'] === 'string' ? row['owner'] : textOrNull(row['owner'], `images.owner of ${id}`, complaints),
    status,
    deleted: flag(row['deleted']),
    diskFormat: formatWord(row, 'disk_format', id, complaints),
    containerFormat: formatWord(row, 'container_format', id, complaints),
    size: bigintOrNull(row['size'], `images.size of ${id}`, complaints),
    minDisk: minDisk === null || minDisk === undefined ? null : Number(minDisk),
  };
}

function formatWord(row: DriverRow, column: string, id: string, complaints: RowComplaints): string | null {
  const value = row[column];
  return typeof value === 'string' || value === null
    ? value
    : textOrNull(value, `images.${column} of ${id}`, complaints);
}

/** The column of a page that holds a row's position. */
export const POSITION = 'scan_position';

/**
 * What is read of a row: all columns, or its id, its name and one text for everything else that decisions depend on.
 */
export type PageColumns = 'all' | 'decisive';

/**
 * Selects one page of `images` in scan order, soft-deleted rows included: a range scan on every engine.
 * @param as what the digest of a row is made from; pages of one run are compared by the same columns.
 */
export function pageStatement(
  schema: GlanceSchema,
  columns: PageColumns,
  range: ScanRange,
  pageSize: number,
  digested: Digested = 'none',
  as: PageColumns = columns,
): Statement {
  const position = positionColumn(schema, 'i');
  const selected =
    columns === 'decisive' && schema.shape !== null
      ? `i.id, i.name, ${schema.shape} AS shape`
      : imageColumns(schema, 'i');
  const also = schema.scan.kind === 'key' ? '' : `, ${position} AS ${POSITION}`;
  const digest = digested === 'none' ? '' : `, ${schema.digests[as]} AS ${DIGEST}`;
  const { sql, bindings } = withinRange(schema, 'i', range);
  return {
    sql: `SELECT ${selected}${also}${digest} FROM images i WHERE ${sql} ORDER BY ${position} LIMIT ${wholeNumber(pageSize)}`,
    bindings,
  };
}
