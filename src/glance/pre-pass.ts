import type { DriverRow, Executor } from '../db/database.ts';
import type { Statement } from './tables/keys.ts';
import { readPacked } from './tables/packed-rows.ts';
import { keyText } from './tables/driver-value.ts';
import { held } from './reader/decisive-rows.ts';
import { type GlanceSchema } from './tables/schema.ts';
import type { IdTable } from './references/id-table.ts';
import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import {
  addDigests,
  type Digested,
  digestIn,
  digestOf,
  NO_ROWS,
  type RowsDigest,
  sameDigest,
} from './tables/digest.ts';
import { propertyDigestStatement, propertyScanStatement } from './properties/property-statement.ts';
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
  /** Of the rows that the cache was made from; null without a cache, or where nobody asked for it. */
  readonly digest: RowsDigest | null;
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
type ReferenceDetail = 'ids' | 'states';

/** What to read besides. */
export interface PrePassWanted {
  readonly detail: ReferenceDetail;
  readonly digest: Digested;
}

/**
 * Reads `image_properties` once, by its own key: which images are named as kernel or ramdisk, and, where it is cached,
 * the properties of every image.
 */
export async function readPrePass(
  executor: Executor,
  schema: GlanceSchema,
  meaning: PropertyMeaning,
  { detail, digest: digested }: PrePassWanted = { detail: 'ids', digest: 'of-rows' },
): Promise<PrePass> {
  if (!(await isCached(executor, schema))) return withoutCache(executor, schema);
  const tally = tallyReferences(executor, schema);
  const { ids } = tally;
  const cache = new PropertyCache(ids, meaning);
  let digest = NO_ROWS;
  for await (const { rows, digest: own } of scan(executor, schema, digested)) {
    digest = addDigests(digest, own);
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
  return { references: tally.references(), cache, digest: digested === 'none' ? null : digest, since: null };
}

/** Whether the properties are, by the server's digest, what the pre-pass read; false where that cannot be told. */
export async function samePropertiesAs(
  { digest }: PrePass,
  executor: Executor,
  schema: GlanceSchema,
): Promise<boolean> {
  const statement = propertyDigestStatement(schema);
  if (digest === null) return false;
  return sameDigest(digest, digestIn(await executor.query(statement.sql, statement.bindings, LONG_READ_LIMITS)));
}

/** Whether properties fit into a cache, as far as that is known before they are read. */
export async function isCached(executor: Executor, schema: GlanceSchema): Promise<boolean> {
  return schema.propertyValues === 'by-meaning' && (await span(executor)) <= LARGEST_SPAN;
}

async function withoutCache(executor: Executor, schema: GlanceSchema): Promise<PrePass> {
  const since = await changedSince(executor);
  return { references: await readReferences(executor, schema), cache: null, digest: null, since };
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
async function* scan(executor: Executor, schema: GlanceSchema, digested: Digested): AsyncGenerator<PropertyPage> {
  const read = (after: number | null): Promise<PropertyPage> => {
    const rows = schema.pack === null ? SCAN_PAGE : PACKED_PAGE;
    return held(readPage(executor, schema, propertyScanStatement(schema, after, rows, digested), digested));
  };
  let next = read(null);
  for (;;) {
    const page = await next;
    const last = page.rows.at(-1);
    if (last === undefined) return;
    next = read(Number(last['id']));
    yield page;
  }
}

interface PropertyPage {
  readonly rows: readonly DriverRow[];
  readonly digest: RowsDigest;
}

const PACKED = ['id', 'image_id', 'name', 'deleted', 'head'];

async function readPage(
  executor: Executor,
  schema: GlanceSchema,
  page: Statement,
  digested: Digested,
): Promise<PropertyPage> {
  const packed = await readPacked(executor, schema, page, PACKED, digested);
  if (packed === null) {
    const rows = await executor.query(page.sql, page.bindings);
    return { rows, digest: digestOf(rows) };
  }
  const [ids = [], imageIds = [], names = [], deleted = [], heads = []] = packed.lists;
  const rows = ids.map((id, row) => ({
    id,
    image_id: imageIds[row],
    name: names[row],
    // A BOOLEAN of PostgreSQL is a word inside a text.
    deleted: deleted[row] === 'false' ? false : deleted[row],
    head: heads[row],
  }));
  return { rows, digest: packed.digest };
}
