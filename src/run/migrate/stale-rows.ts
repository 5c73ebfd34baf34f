import { inLists, marks } from '../../journal/id-lists.ts';
import { columnList, type Target } from '../../journal/meta.ts';
import type { Database, DriverRow } from '../../db/database.ts';
import type { DecidedRow } from './batch-work.ts';

/** Why a row cannot be written now. */
export type Staleness =
  /** Legacy tuple, status or deletion changed, or the row is gone: the next pass decides it anew. */
  | { readonly kind: 'changed'; readonly id: string }
  /** Bytes that are no text: no pass can write the row, and verify names it. */
  | { readonly kind: 'unreadable'; readonly id: string }
  /** The result columns hold something that this tool did not write: never overwritten, listed. */
  | { readonly kind: 'foreign-value'; readonly id: string };

/** Reads the rows of a batch once more and says which of them stand in its way. */
export async function findStaleRows(
  database: Database,
  target: Target,
  rows: readonly DecidedRow[],
): Promise<readonly Staleness[]> {
  const stale: Staleness[] = [];
  const columns = target.kind === 'columns' ? columnList(target.names) : [];
  const selected = columns.map((name, index) => `${database.dialect.quote(name)} AS result_${index}`);
  for (const chunk of inLists(rows)) {
    const found = await database.query(
      `SELECT ${['id', 'disk_format', 'container_format', 'status', 'deleted', ...selected].join(', ')}
       FROM images WHERE id IN (${marks(chunk)})`,
      chunk.map(({ image }) => image.id),
    );
    const byId = new Map(found.map((row) => [String(row['id']), row]));
    for (const row of chunk) {
      const now = byId.get(row.image.id);
      if (now === undefined || !sameLegacyRow(now, row)) {
        stale.push({ kind: 'changed', id: row.image.id });
      } else if (!(await isReadable(database, row))) {
        stale.push({ kind: 'unreadable', id: row.image.id });
      } else if (columns.length > 0 && !expectedResults(now, row)) {
        stale.push({ kind: 'foreign-value', id: row.image.id });
      }
    }
  }
  return stale;
}

function sameLegacyRow(now: DriverRow, { image }: DecidedRow): boolean {
  return (
    now['disk_format'] === image.diskFormat &&
    now['container_format'] === image.containerFormat &&
    now['status'] === image.status &&
    !(now['deleted'] === true || Number(now['deleted']) !== 0)
  );
}

/** A driver puts U+FFFD in the place of bytes that are no text (SQLite keeps any bytes). */
const REPLACED = /\uFFFD/;

/**
 * Whether the words as read are the bytes as stored. The guard of a batch compares bytes, so a row with bytes that are no text can never be
 * written; without this question the batch would be tried again until the budget is spent, and all rows behind it would wait.
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

function expectedResults(now: DriverRow, { stored }: DecidedRow): boolean {
  return (
    now['result_0'] === (stored?.imageType ?? null) &&
    now['result_1'] === (stored?.containerType ?? null) &&
    now['result_2'] === (stored?.envelope ?? null)
  );
}
