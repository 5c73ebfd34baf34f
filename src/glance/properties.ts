import type { DriverRow, Executor } from '../db/database.ts';
import type { ImageRecord } from '../model/image.ts';
import { flag, keyText } from './driver-value.ts';
import { comparable } from './image-lookup.ts';
import { keyLists } from './key-binding.ts';
import { propertyListStatement, propertyRangeStatement, type Statement } from './page-statement.ts';
import type { GlanceSchema } from './schema.ts';

export type PropertyMap = ReadonlyMap<string, string | null>;

/** Shared by all images without properties. */
export const NO_PROPERTIES: PropertyMap = new Map();

/** The properties of one image that anything is decided by. */
export interface ImageProperties {
  live: Map<string, string | null> | null;
  lost: Map<string, string | null> | null;
}

/** By `image_id`; ask with `comparable(schema, id)`. */
export type PropertiesByImage = ReadonlyMap<string, ImageProperties>;

/** Marks that Launchpad bug glance#901534 took from snapshots; no other lost property says anything. */
const SNAPSHOT_MARKS = new Set(['image_type', 'instance_uuid', 'base_image_ref', 'image_location']);

/** Where the properties of some images are to be found. */
export interface PropertyScope {
  /** The key before the first image; null where there is none. Exclusive. */
  readonly after: string | null;
  /** The key of the last image. Inclusive. */
  readonly last: string;
  /** The images themselves, soft-deleted ones among them. */
  readonly records: readonly ImageRecord[];
}

/** Reads the properties of one page: by one range where both tables sort keys alike, otherwise by lists of ids. */
export async function readPageProperties(
  executor: Executor,
  schema: GlanceSchema,
  { after, last, records }: PropertyScope,
): Promise<PropertiesByImage> {
  if (schema.propertyRange === 'other-order') return readListedProperties(executor, schema, records);
  return readAll(executor, schema, [propertyRangeStatement(schema, after, last)]);
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
  const byImage = new Map<string, ImageProperties>();
  for (const { sql, bindings } of statements) {
    for (const row of await executor.query(sql, bindings)) addProperty(byImage, schema, row);
  }
  return byImage;
}

function addProperty(byImage: Map<string, ImageProperties>, schema: GlanceSchema, row: DriverRow): void {
  // As it must be written: MySQL's collations find Kernel_ID as well.
  const name = schema.propertyNames.get(String(row['name']));
  const imageId = keyText(row['image_id']);
  if (name === undefined || imageId === null) return;
  const lost = flag(row['deleted']);
  if (lost && !SNAPSHOT_MARKS.has(name)) return;

  const key = comparable(schema, imageId);
  let entry = byImage.get(key);
  if (entry === undefined) {
    entry = { live: null, lost: null };
    byImage.set(key, entry);
  }
  const head = row['head'];
  const value = typeof head === 'string' ? head : null;
  if (lost) (entry.lost ??= new Map()).set(name, value);
  else (entry.live ??= new Map()).set(name, value);
}
