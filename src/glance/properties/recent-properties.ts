import type { Executor } from '../../db/database.ts';
import { LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';
import { keyText } from '../tables/driver-value.ts';
import type { GlanceSchema } from '../tables/schema.ts';

/**
 * How far the clocks of Glance's hosts may differ, seconds. Images that changed less than this before are decided again
 * in vain.
 */
const CLOCKS_DIFFER_S = 3_600;

const PAGE = 5_000;
const STAMPS = ['created_at', 'updated_at', 'deleted_at'] as const;

/**
 * The moment from which a property counts as changed, by the time stamps that Glance writes; null where there are none.
 */
export async function changedSince(executor: Executor): Promise<string | null> {
  const latest = STAMPS.map((column) => `MAX(${column}) AS ${column}`).join(', ');
  const [row] = await executor.query(`SELECT ${latest} FROM image_properties`, [], LONG_READ_LIMITS);
  const times = STAMPS.map((column) => Date.parse(`${String(row?.[column]).slice(0, 19).replace(' ', 'T')}Z`));
  // A stamp of a wrong clock may be in the future, and nothing would count as changed since.
  const last = Math.min(Math.max(...times.filter((time) => !Number.isNaN(time))), Date.now());
  if (!Number.isFinite(last)) return null;
  return new Date(last - CLOCKS_DIFFER_S * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Yields ids of images with a property that Glance created, changed or deleted since. The server reads the whole table
 * once. A property that somebody changed without its time stamp, or removed altogether, is not found.
 */
export async function* readRecentlyChanged(
  executor: Executor,
  schema: GlanceSchema,
  since: string,
): AsyncGenerator<readonly string[], void, undefined> {
  const names = [...schema.propertyNames.keys()];
  const changed = STAMPS.map((column) => `${column} >= ?`).join(' OR ');
  let after: unknown = null;
  for (;;) {
    const rows = await executor.query(
      `SELECT id, image_id FROM image_properties
       WHERE ${after === null ? '' : 'id > ? AND '}name IN (${names.map(() => '?').join(', ')}) AND (${changed}) ORDER BY id LIMIT ${PAGE}`,
      [...(after === null ? [] : [Number(after)]), ...names, ...STAMPS.map(() => since)],
      LONG_READ_LIMITS,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last['id'];
    yield rows.flatMap((row) => keyText(row['image_id']) ?? []);
  }
}
