import type { Database, SqlValue } from '../../src/db/database.ts';
import { BASELINE_COLUMNS, tupleResult } from './baseline.ts';

/** How far the loop goes: to the end of the table, or until one of the two is reached. */
export interface RowLoop {
  /** Rows of a page, which is also a transaction. */
  readonly commitEvery: number;
  readonly rows: number;
  readonly seconds: number;
}

const SET = BASELINE_COLUMNS.map(({ name }) => `${name} = ?`).join(', ');

/**
 * The habit of OpenStack's online data migrations (nova-manage and cinder-manage db online_data_migrations, 50 rows at a time unless
 * told otherwise): a page of rows is read, each is written by a statement of its own, and the page is committed. It maps by the
 * tuple alone and keeps no journal. Soft-deleted rows are read and left alone. The columns must be there.
 * @returns rows of `images` that it passed, soft-deleted ones too.
 */
export async function runRowByRow(
  database: Database,
  { commitEvery, rows, seconds }: RowLoop,
): Promise<{ readonly rows: number; readonly seconds: number }> {
  const began = process.hrtime.bigint();
  const elapsed = (): number => Number(process.hrtime.bigint() - began) / 1e9;
  let passed = 0;
  let after = '';
  while (passed < rows && elapsed() < seconds) {
    const page = await database.transaction(async (trx) => {
      const found = await trx.query(
        `SELECT id, disk_format, container_format, deleted_at FROM images WHERE id > ? ORDER BY id LIMIT ${String(commitEvery)}`,
        [after],
      );
      for (const row of found) {
        if (row['deleted_at'] !== null) continue;
        const result = tupleResult(row['disk_format'] as string | null, row['container_format'] as string | null);
        await trx.execute(`UPDATE images SET ${SET} WHERE id = ?`, [...result, row['id'] as SqlValue]);
      }
      return found;
    });
    const last = page.at(-1);
    if (last === undefined) break;
    passed += page.length;
    after = String(last['id']);
  }
  return { rows: passed, seconds: elapsed() };
}
