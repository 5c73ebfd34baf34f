import { flag } from '../../glance/tables/driver-value.ts';
import { sameLegacy, sameResults } from '../../journal/compare-row.ts';
import { inLists, marks } from '../../journal/id-lists.ts';
import { columnList, type Target } from '../../journal/meta.ts';
import type { Database, DriverRow } from '../../db/database.ts';
import type { DecidedRow } from './batch-work.ts';

/** Why a row cannot be written now. */
export type Staleness =
  /** Legacy tuple, status or deletion changed, or the row is gone: the next pass decides it again. */
  | { readonly kind: 'changed'; readonly id: string }
  /** Bytes that are not text: no pass can write the row, and verify names it. */
  | { readonly kind: 'unreadable'; readonly id: string }
  /** The result columns hold values that this tool did not write: never overwritten, listed. */
  | { readonly kind: 'foreign-value'; readonly id: string };

/** Reads the rows of a batch again and says which of them keep it from being committed. */
export async function findStaleRows(
  database: Database,
  target: Target,
  rows: readonly DecidedRow[],
): Promise<readonly Staleness[]> {
  const stale: Staleness[] = [];
  const columns = target.kind === 'columns' ? columnList(target.names) : [];
  const selected = columns.map((name, index) => `${database.dialect.quote(name)} AS result_${index}`);
  for (const chunk of inLists(rows)) {
    const rowsNow = await database.query(
      `SELECT ${['id', 'disk_format', 'container_format', 'status', 'deleted', ...selected].join(', ')}
       FROM images WHERE id IN (${marks(chunk)})`,
      chunk.map(({ image }) => image.id),
    );
    const byId = new Map(rowsNow.map((row) => [String(row['id']), row]));
    for (const row of chunk) {
      const found = byId.get(row.image.id);
      const now = found === undefined || flag(found['deleted']) ? null : presentRow(found);
      if (now === null || !sameLegacy(now, row.image)) {
        stale.push({ kind: 'changed', id: row.image.id });
      } else if (!(await isReadable(database, row))) {
        stale.push({ kind: 'unreadable', id: row.image.id });
      } else if (columns.length > 0 && !sameResults(now, row.stored)) {
        stale.push({ kind: 'foreign-value', id: row.image.id });
      }
    }
  }
  return stale;
}

/** One row of `images` in the shape of the comparisons. */
function presentRow(row: DriverRow): Parameters<typeof sameLegacy>[0] & Parameters<typeof sameResults>[0] {
  return {
    diskFormat: row['disk_format'],
    containerFormat: row['container_format'],
    status: row['status'],
    imageType: row['result_0'],
    containerType: row['result_1'],
    envelope: row['result_2'],
  };
}

/** A driver replaces bytes that are not text by U+FFFD (SQLite stores any bytes). */
const REPLACED = /\uFFFD/;

/**
 * Whether the words as read are the bytes as stored. The guard of a batch compares bytes, so a row with bytes that are
 * not text can never be written. Without this question the batch would be tried again until the budget is spent, and
 * all rows behind it would wait.
 */
async function isReadable(database: Database, { image }: DecidedRow): Promise<boolean> {
  const words = [image.diskFormat, image.containerFormat, image.status];
  if (!words.some((word) => word !== null && REPLACED.test(word))) return true;
  const same = ['disk_format', 'container_format', 'status'].map((column) => database.dialect.sameBytes(column, '?'));
  const rows = await database.query(`SELECT id FROM images WHERE id = ? AND ${same.join(' AND ')}`, [
    image.id,
    ...words,
  ]);
  return rows.length > 0;
}
