import type { DriverRow, Executor } from '../db/database.ts';
import type { ImageRecord } from '../model/image.ts';
import { flag, keyText } from './driver-value.ts';
import { comparable } from './image-lookup.ts';
import { keyLists } from './key-binding.ts';
import { propertyListStatement, propertyRangeStatement } from './page-statement.ts';
import type { PropertyLife, PropertyShelf } from './property-shelf.ts';
import type { ScanRange } from './scan-order.ts';
import type { GlanceSchema } from './schema.ts';
import type { Statement } from './statement.ts';

export type PropertyMap = ReadonlyMap<string, string | null>;

/** Shared by all images without properties. */
export const NO_PROPERTIES: PropertyMap = new Map();

/** The properties of one image that anything is decided by. */
export interface ImageProperties {
  readonly live: ReadonlyMap<string, string | null> | null;
  readonly lost: ReadonlyMap<string, string | null> | null;
}

/** By `image_id`; ask with `comparable(schema, id)`. */
export type PropertiesByImage = ReadonlyMap<string, ImageProperties>;

/** Marks that Launchpad bug glance#901534 took from snapshots; no other lost property says anything. */
const SNAPSHOT_MARKS = new Set(['image_type', 'instance_uuid', 'base_image_ref', 'image_location']);

/** Where the properties of some images are to be found. */
export interface PropertyScope {
  /** Where the images stand: up to the last of them. */
  readonly range: ScanRange;
  /** The images themselves, soft-deleted ones among them. */
  readonly records: readonly ImageRecord[];
  /** null where properties are read page by page. */
  readonly shelf: PropertyShelf | null;
}

/**
 * The properties of one page: from the shelf where there is one; else by one range where both tables sort keys alike, otherwise by
 * lists of ids.
 */
export async function readPageProperties(
  executor: Executor,
  schema: GlanceSchema,
  { range, records, shelf }: PropertyScope,
): Promise<PropertiesByImage> {
  if (shelf !== null) return shelvedProperties(executor, schema, records, shelf);
  if (schema.propertyRange === 'other-order') return readListedProperties(executor, schema, records);
  return readAll(executor, schema, [propertyRangeStatement(schema, range)]);
}

async function shelvedProperties(
  executor: Executor,
  schema: GlanceSchema,
  records: readonly ImageRecord[],
  shelf: PropertyShelf,
): Promise<PropertiesByImage> {
  const byImage = new Map<string, ImageProperties>();
  const apart: ImageRecord[] = [];
  for (const record of records) {
    if (record.deleted) continue;
    const key = comparable(schema, record.id);
    const found = shelf.of(key);
    if (found === 'apart') apart.push(record);
    else if (found !== null) byImage.set(key, found);
  }
  if (apart.length > 0)
    for (const [key, own] of await readListedProperties(executor, schema, apart)) byImage.set(key, own);
  return byImage;
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
  const property = readProperty(schema, row);
  if (property === null) return;
  const { key, life, name, value } = property;
  let entry = byImage.get(key);
  if (entry === undefined) {
    entry = { live: null, lost: null };
    byImage.set(key, entry);
  }
  (entry[life] ??= new Map()).set(name, value);
}

/** A row of `image_properties` that something may be decided by. */
export interface PropertyRow {
  /** Of the image, as `comparable` gives it. */
  readonly key: string;
  readonly life: PropertyLife;
  readonly name: string;
  readonly value: string | null;
}

/** @returns null where the row says nothing: another name by case, or a lost property that is no snapshot mark. */
export function readProperty(schema: GlanceSchema, row: DriverRow): PropertyRow | null {
  // As it must be written: MySQL's collations find Kernel_ID as well.
  const name = schema.propertyNames.get(String(row['name']));
  const imageId = keyText(row['image_id']);
  if (name === undefined || imageId === null) return null;
  const lost = flag(row['deleted']);
  if (lost && !SNAPSHOT_MARKS.has(name)) return null;
  const head = row['head'];
  return {
    key: comparable(schema, imageId),
    life: lost ? 'lost' : 'live',
    name,
    value: typeof head === 'string' ? head : null,
  };
}
