import type { DriverRow, Executor } from '../../db/database.ts';
import type { ImageRecord } from '../../model/image.ts';
import { flag, keyText } from '../tables/driver-value.ts';
import { comparable, keyLists } from '../tables/keys.ts';
import { propertyListStatement, propertyRangeStatement } from './property-statement.ts';
import type { ScanRange } from '../tables/scan-order.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { Statement } from '../tables/statement.ts';

export type PropertyMap = ReadonlyMap<string, string | null>;

/** Shared by all images without properties. */
export const NO_PROPERTIES: PropertyMap = new Map();

/** Which of its two lives a property row is in: `lost` is soft-deleted without a deletion time (Launchpad bug glance#901534). */
export type PropertyLife = 'live' | 'lost';

/** The properties of one image that anything is decided by. */
export interface ImageProperties {
  readonly live: ReadonlyMap<string, string | null> | null;
  readonly lost: ReadonlyMap<string, string | null> | null;
}

/** By `image_id`; ask with `comparable(schema, id)`. */
export type PropertiesByImage = ReadonlyMap<string, ImageProperties>;

/** Marks that Launchpad bug glance#901534 took from snapshots; no other lost property says anything. */
const SNAPSHOT_MARKS = new Set(['image_type', 'instance_uuid', 'base_image_ref', 'image_location']);

/**
 * The properties of all images of a range of the table: by one range where both tables sort keys alike, otherwise by lists of ids.
 *
 * @param records the images of the range, soft-deleted ones among them.
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
  // Properties of a soft-deleted image decide nothing.
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

/** null where no such name is asked for: as it must be written; MySQL's collations find Kernel_ID as well. */
export function propertyName(schema: GlanceSchema, row: DriverRow): string | null {
  return schema.propertyNames.get(String(row['name'])) ?? null;
}

/** null for a lost property that is no snapshot mark: it says nothing. */
export function propertyLife(name: string, row: DriverRow): PropertyLife | null {
  if (!flag(row['deleted'])) return 'live';
  return SNAPSHOT_MARKS.has(name) ? 'lost' : null;
}

export function propertyValue(row: DriverRow): string | null {
  const head = row['head'];
  return typeof head === 'string' ? head : null;
}
