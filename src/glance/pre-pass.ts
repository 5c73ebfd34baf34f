import type { DriverRow, Executor } from '../db/database.ts';
import type { Statement } from './tables/keys.ts';
import { readPacked } from './tables/packed-rows.ts';
import { keyText } from './tables/driver-value.ts';
import { type GlanceSchema } from './tables/schema.ts';
import type { IdTable } from './references/id-table.ts';
import { propertyScanStatement } from './properties/property-statement.ts';
import { propertyLife, propertyName, propertyValue, changedSince } from './properties/properties.ts';
import { type PropertyMeaning, PropertyCache } from './properties/cache.ts';
import { type Mention, readReferences, type References, roleOf, tallyReferences } from './references/references.ts';
import type { ReferenceTarget } from '../model/image.ts';
import { parseReference } from './references/value.ts';

/** What is known of all images before the first page is read. */
export interface PrePass {
  readonly references: References;
  /**
   * Numbers images as `references.ids` does. null where properties are read page by page, because the table is too
   * large to be cached or because their texts matter.
   */
  readonly cache: PropertyCache | null;
  /** Without a cache: the moment from which a property counts as changed, as `changedSince` returns it. */
  readonly since: string | null;
}

/**
 * The largest span of ids of `image_properties` that is cached as a whole. It bounds memory: 40 MB where every image
 * has a single property, usually half of that, and a tail pass holds two caches. A larger table is read page by page,
 * in the same memory at any size.
 *
 * Without the cache, `plan` of 100,000 images on SQLite takes 1.12 times the CPU time and 1.20 times the elapsed time
 * (seven alternating rounds, 2026-11-30).
 */
const LARGEST_SPAN = 1_200_000;

/** Of a packed page; larger texts leave more garbage. */
const PACKED_PAGE = 2_500;
const SCAN_PAGE = 10_000;

/**
 * `ids`: an image that names others is left out of the cache, because which ones it names is stored or shown. `states`:
 * it is in the cache, and images that name others of the same state are alike there.
 */
export type ReferenceDetail = 'ids' | 'states';

/**
 * Reads `image_properties` once, by its own key: which images are named as kernel or ramdisk, and, where it is cached,
 * the properties of every image.
 */
export async function readPrePass(
  executor: Executor,
  schema: GlanceSchema,
  meaning: PropertyMeaning,
  detail: ReferenceDetail = 'ids',
): Promise<PrePass> {
  if (!(await isCached(executor, schema))) return withoutCache(executor, schema);
  const tally = tallyReferences(executor, schema);
  const { ids } = tally;
  const cache = new PropertyCache(ids, meaning);
  for await (const rows of scan(executor, schema)) {
    const mentions = fillCache(rows, schema, { ids, cache });
    await tally.add(mentions);
    for (const { image, role, target, value } of mentions) {
      const state = detail === 'ids' ? null : tally.targetOf(target);
      // Which image is named matters here; another value of the same meaning would not do.
      if (state === null) cache.leaveOut(image, `${role} ${target}`);
      else cache.add(image, 'live', `${role}_id`, value, stateText(state));
    }
    if (cache.state === 'full') return withoutCache(executor, schema);
  }
  return { references: tally.references(), cache, since: null };
}

/** Whether properties fit into a cache, as far as that is known before they are read. */
export async function isCached(executor: Executor, schema: GlanceSchema): Promise<boolean> {
  return schema.propertyValues === 'by-meaning' && (await span(executor)) <= LARGEST_SPAN;
}

async function withoutCache(executor: Executor, schema: GlanceSchema): Promise<PrePass> {
  const since = await changedSince(executor);
  return { references: await readReferences(executor, schema), cache: null, since };
}

/** What a decision may depend on of an image that another one names. */
function stateText(target: ReferenceTarget): string {
  return target.kind === 'live' ? JSON.stringify([target.diskFormat, target.containerFormat]) : target.kind;
}

/** A mention that is not in the cache yet. */
interface CacheMention extends Mention {
  /** The number of the referrer. */
  readonly image: number;
  readonly value: string | null;
}

/** Adds rows to the cache, save for those that name an image. @returns these. */
function fillCache(
  rows: readonly DriverRow[],
  schema: GlanceSchema,
  { ids, cache }: { readonly ids: IdTable; readonly cache: PropertyCache },
): readonly CacheMention[] {
  const mentions: CacheMention[] = [];
  // Properties of one image were written together, so they are mostly adjacent.
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
    if (reference.kind === 'no-key') cache.leaveOut(image, `${role} ${reference.text}`);
    else mentions.push({ referrer: imageId, role, target: reference.id, image, value });
  }
  return mentions;
}

async function span(executor: Executor): Promise<number> {
  const [row] = await executor.query('SELECT MIN(id) AS lowest, MAX(id) AS highest FROM image_properties');
  return Number(row?.['highest'] ?? 0) - Number(row?.['lowest'] ?? 0);
}

/** Yields pages in the order of the key; the next page is read while one is worked on. */
async function* scan(executor: Executor, schema: GlanceSchema): AsyncGenerator<readonly DriverRow[]> {
  const read = (after: number | null): Promise<readonly DriverRow[]> => {
    const rows = readPage(
      executor,
      schema,
      propertyScanStatement(schema, after, schema.pack === null ? SCAN_PAGE : PACKED_PAGE),
    );
    // Marks a failure as handled: it reaches the code that awaits the page.
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

const PACKED = ['id', 'image_id', 'name', 'deleted', 'head'];

async function readPage(executor: Executor, schema: GlanceSchema, page: Statement): Promise<readonly DriverRow[]> {
  const lists = await readPacked(executor, schema, page, PACKED);
  if (lists === null) return executor.query(page.sql, page.bindings);
  const [ids = [], imageIds = [], names = [], deleted = [], heads = []] = lists;
  return ids.map((id, row) => ({
    id,
    image_id: imageIds[row],
    name: names[row],
    // A BOOLEAN of PostgreSQL is a word inside a text.
    deleted: deleted[row] === 'false' ? false : deleted[row],
    head: heads[row],
  }));
}
