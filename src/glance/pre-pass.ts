import type { DriverRow, Executor } from '../db/database.ts';
import { keyText } from './tables/driver-value.ts';
import type { IdTable } from './references/id-table.ts';
import { propertyScanStatement } from './properties/property-statement.ts';
import { propertyLife, propertyName, propertyValue } from './properties/properties.ts';
import { type PropertyMeaning, PropertyCache } from './properties/cache.ts';
import { changedSince } from './properties/recent-properties.ts';
import {
  countMentions,
  type Mention,
  noneNamed,
  readReferences,
  type References,
  referencesOf,
  roleOf,
} from './references/references.ts';
import { parseReference } from './references/value.ts';
import type { GlanceSchema } from './tables/schema.ts';

/** What is known of all images before the first page is read. */
export interface PrePass {
  readonly references: References;
  /**
   * Numbers images as `references.ids` does. null where properties are read page by page: the table is too large to be held, or their
   * texts count.
   */
  readonly cache: PropertyCache | null;
  /** Where there is no cache: from when on a property has changed since, as `changedSince` tells. */
  readonly since: string | null;
}

/**
 * Ids of `image_properties` between the first and the last up to which the table is read as a whole. It bounds what is held (40 MB
 * where every image has a single property, half of it as a rule, and a tail pass has two of them); a larger table is read page by page, in the same memory at any size.
 */
const LARGEST_SPAN = 1_200_000;

const SCAN_PAGE = 10_000;

/** Reads `image_properties` once, by its own key: who is named as kernel or ramdisk, and, where it is held, what every image has. */
export async function readPrePass(
  executor: Executor,
  schema: GlanceSchema,
  meaning: PropertyMeaning,
): Promise<PrePass> {
  if (schema.propertyValues === 'as-read' || (await span(executor)) > LARGEST_SPAN)
    return withoutCache(executor, schema);
  const named = noneNamed(schema);
  const cache = new PropertyCache(named.ids, meaning);
  for await (const rows of scan(executor, schema)) {
    await countMentions(executor, schema, fillCache(rows, schema, { ids: named.ids, cache }), named);
    if (cache.state === 'full') return withoutCache(executor, schema);
  }
  return { references: referencesOf(executor, schema, named), cache, since: null };
}

async function withoutCache(executor: Executor, schema: GlanceSchema): Promise<PrePass> {
  const since = await changedSince(executor);
  return { references: await readReferences(executor, schema), cache: null, since };
}

/** @returns the properties among them that name an image. */
function fillCache(
  rows: readonly DriverRow[],
  schema: GlanceSchema,
  { ids, cache }: { readonly ids: IdTable; readonly cache: PropertyCache },
): readonly Mention[] {
  const mentions: Mention[] = [];
  // Those of one image were written together and mostly lie together.
  let last: unknown = null;
  let imageId = '';
  let image = -1;
  for (const row of rows) {
    const name = propertyName(schema, row);
    const life = name === null ? null : propertyLife(name, row);
    const key = row['image_id'];
    if (name === null || life === null || key === null) continue;
    const value = propertyValue(row);
    if (key !== last) {
      const id = keyText(key);
      if (id === null) continue;
      image = ids.add(id);
      imageId = id;
      last = key;
    }
    const role = life === 'live' ? roleOf(name) : null;
    const reference = role === null ? null : parseReference(value, schema.keyKind);
    if (role === null || reference === null || reference.kind === 'absent') {
      cache.add(image, life, name, value);
      continue;
    }
    // Which image is named counts here, and no other value of the same meaning would do.
    cache.leaveOut(image, `${role} ${reference.kind === 'id' ? reference.id : reference.text}`);
    if (reference.kind === 'id') mentions.push({ referrer: imageId, role, target: reference.id });
  }
  return mentions;
}

async function span(executor: Executor): Promise<number> {
  const [row] = await executor.query('SELECT MIN(id) AS lowest, MAX(id) AS highest FROM image_properties');
  return Number(row?.['highest'] ?? 0) - Number(row?.['lowest'] ?? 0);
}

/** Pages in the order of the key; the next one is on its way while one is worked on. */
async function* scan(executor: Executor, schema: GlanceSchema): AsyncGenerator<readonly DriverRow[]> {
  const read = (after: number | null): Promise<readonly DriverRow[]> => {
    const { sql, bindings } = propertyScanStatement(schema, after, SCAN_PAGE);
    const rows = executor.query(sql, bindings);
    // A failure belongs to whoever awaits the page.
    rows.catch(() => {});
    return rows;
  };
  let next = read(null);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (last === undefined) return;
    next = read(Number(last['id']));
    yield rows;
  }
}
