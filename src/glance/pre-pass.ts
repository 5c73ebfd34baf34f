import type { DriverRow, Executor } from '../db/database.ts';
import { propertyScanStatement } from './page-statement.ts';
import { type PropertyRow, readProperty } from './properties.ts';
import { type PropertyMeaning, PropertyShelf } from './property-shelf.ts';
import { createReferenceCounts } from './reference-counts.ts';
import { countMentions, type Mention, readReferences, type References, referencesOf, roleOf } from './references.ts';
import { parseReference } from './reference-value.ts';
import type { GlanceSchema } from './schema.ts';

/** What is known of all images before the first page is read. */
export interface PrePass {
  readonly references: References;
  /** null where properties are read page by page: the table is too large to be held, or their texts count. */
  readonly shelf: PropertyShelf | null;
}

/**
 * Ids of `image_properties` between the first and the last up to which the table is read as a whole. It bounds what is held (some 25 MB
 * at most); a larger table is read page by page, in the same memory at any size.
 */
const LARGEST_SPAN = 2_000_000;

const SCAN_PAGE = 10_000;

/** Reads `image_properties` once, by its own key: who is named as kernel or ramdisk, and, where it is held, what every image has. */
export async function readPrePass(
  executor: Executor,
  schema: GlanceSchema,
  meaning: PropertyMeaning,
): Promise<PrePass> {
  if (schema.propertyValues === 'as-read' || (await span(executor)) > LARGEST_SPAN)
    return { references: await readReferences(executor, schema), shelf: null };
  const counts = createReferenceCounts();
  const shelf = new PropertyShelf(meaning);
  for await (const rows of scan(executor, schema)) {
    const properties = rows.map((row) => readProperty(schema, row)).filter((property) => property !== null);
    await countMentions(executor, schema, shelve(properties, schema, shelf), counts);
    if (shelf.state === 'full') return { references: await readReferences(executor, schema), shelf: null };
  }
  return { references: referencesOf(executor, schema, counts), shelf };
}

/** @returns the properties among them that name an image. */
function shelve(properties: readonly PropertyRow[], schema: GlanceSchema, shelf: PropertyShelf): readonly Mention[] {
  const mentions: Mention[] = [];
  for (const { key, life, name, value } of properties) {
    const role = life === 'live' ? roleOf(name) : null;
    const reference = role === null ? null : parseReference(value, schema.keyKind);
    if (role === null || reference === null || reference.kind === 'absent') {
      shelf.add(key, life, name, value);
      continue;
    }
    // Which image is named counts here, and no other value of the same meaning would do.
    shelf.leaveOut(key);
    if (reference.kind === 'id') mentions.push({ referrer: key, role, target: reference.id });
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
