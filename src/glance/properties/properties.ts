import type { Executor, DriverRow } from '../../db/database.ts';
import { LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { Statement } from '../tables/keys.ts';
import type { ScanRange } from '../tables/scan-order.ts';
import { keyText, flag } from '../tables/driver-value.ts';
import { comparable, keyLists } from '../tables/keys.ts';
import type { ImageRecord } from '../../model/image.ts';
import { propertyListStatement, propertyRangeStatement } from './property-statement.ts';

export type PropertyMap = ReadonlyMap<string, string | null>;

/** Shared by all images without properties. */
export const NO_PROPERTIES: PropertyMap = new Map();

/** Whether a property row is live, or `lost`: soft-deleted without a deletion time (Launchpad bug glance#901534). */
export type PropertyLife = 'live' | 'lost';

/** The properties of one image that decisions may depend on. */
export interface ImageProperties {
  readonly live: ReadonlyMap<string, string | null> | null;
  readonly lost: ReadonlyMap<string, string | null> | null;
}

/** By `image_id` in its comparable form. */
export type PropertiesByImage = ReadonlyMap<string, ImageProperties>;

/** Marks of snapshots that Launchpad bug glance#901534 deleted; no other lost property means anything. */
const SNAPSHOT_MARKS = new Set(['image_type', 'instance_uuid', 'base_image_ref', 'image_location']);

/**
 * Reads the properties of all images in a range of the table: by one range where both tables sort keys alike, otherwise
 * by lists of ids.
 *
 * @param records the images of the range, soft-deleted ones included.
 */
export async function readPageProperties(
  executor: Executor,
  schema: GlanceSchema,
  range: ScanRange,
  records: readonly ImageRecord[],
): Promise<PropertiesByImage> {
  if (schema.propertyRange === 'other-order') return readListedProperties(executor, schema, records);
  return readAll(executor, schema, [propertyRangeStatement(schema, range)]);
}

export async function readListedProperties(
  executor: Executor,
  schema: GlanceSchema,
  records: readonly ImageRecord[],
): Promise<PropertiesByImage> {
  // No decision depends on the properties of a soft-deleted image.
  const ids = records.filter((record) => !record.deleted).map((record) => record.id);
  return readAll(
    executor,
    schema,
    Array.from(keyLists(schema, ids), (list) => propertyListStatement(schema, list)),
  );
}

async function readAll(
  executor: Executor,
  schema: GlanceSchema,
  statements: readonly Statement[],
): Promise<PropertiesByImage> {
  const byImage = new Map<string, GatheredProperties>();
  for (const { sql, bindings } of statements) {
    for (const row of await executor.query(sql, bindings)) addProperty(byImage, schema, row);
  }
  return byImage;
}

interface GatheredProperties {
  live: Map<string, string | null> | null;
  lost: Map<string, string | null> | null;
}

function addProperty(byImage: Map<string, GatheredProperties>, schema: GlanceSchema, row: DriverRow): void {
  const name = propertyName(schema, row);
  const life = name === null ? null : propertyLife(name, row);
  const imageId = keyText(row['image_id']);
  if (name === null || life === null || imageId === null) return;
  const key = comparable(schema, imageId);
  let entry = byImage.get(key);
  if (entry === undefined) {
    entry = { live: null, lost: null };
    byImage.set(key, entry);
  }
  (entry[life] ??= new Map()).set(name, propertyValue(row));
}

/** The name as the rules write it; null for a name that is not read. MySQL's collations find Kernel_ID as well. */
export function propertyName(schema: GlanceSchema, row: DriverRow): string | null {
  return schema.propertyNames.get(String(row['name'])) ?? null;
}

/** Whether the row is live or lost; null for a lost property that is no snapshot mark: it means nothing. */
export function propertyLife(name: string, row: DriverRow): PropertyLife | null {
  if (!flag(row['deleted'])) return 'live';
  return SNAPSHOT_MARKS.has(name) ? 'lost' : null;
}

export function propertyValue(row: DriverRow): string | null {
  const head = row['head'];
  return typeof head === 'string' ? head : null;
}

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
