import type { DriverRow, Executor } from '../../db/database.ts';
import type { ReferencedBy, ReferenceTarget } from '../../model/image.ts';
import { keyText } from '../tables/driver-value.ts';
import { type Statement } from '../tables/keys.ts';
import { type GlanceSchema } from '../tables/schema.ts';
import { IdTable } from './id-table.ts';
import { lookUpImages } from '../tables/image-lookup.ts';
import { createReferenceCounts, type ReferenceRole } from './counts.ts';
import { createReferenceTargets, type ReferenceTargets, TargetStates } from './targets.ts';
import { parseReference } from './value.ts';

const SCAN_PAGE = 5_000;

/**
 * Which images name which others as kernel or ramdisk. Holds the distinct targets (about 75 bytes each) with their
 * state, and a bounded number of rows looked up later; nothing that grows with the number of images that name others.
 */
export interface References extends ReferenceTargets {
  /** Number of distinct images that live images name. */
  readonly size: number;
  /** Numbers of named images, and of the images in a cache that was made with it. */
  readonly ids: IdTable;
  /** The live images that name this one; null where none does. O(1). */
  referencedBy(id: string): ReferencedBy | null;
  /** The same for a number of `ids`; -1 is an image without a number. */
  referencedByNumber(image: number): ReferencedBy | null;
  /** As what live images name this one, as `ReferenceCounts.rolesOf` says. */
  rolesOf(image: number): number;
  /** Ids that live images name, in the order met. */
  targetIds(): Iterable<string>;
  /** The state of a named image when it was looked up; null where no live image names it. */
  targetOf(id: string): ReferenceTarget | null;
}

/**
 * Reads `image_properties` once, by key: no index serves a search by name, and a single statement would hold its
 * snapshot for the whole table. A soft-deleted image or property refers to nothing.
 *
 * @param holding a further condition on values.
 */
export async function readReferences(
  executor: Executor,
  schema: GlanceSchema,
  holding: Statement = ANY_VALUE,
): Promise<References> {
  const tally = tallyReferences(executor, schema);
  for await (const mentions of scanMentions(executor, schema, holding)) await tally.add(mentions);
  return tally.references();
}

/**
 * Reads the images that name one image. The server omits values that cannot mean it, so that next to nothing is
 * transferred. This works for ids of hexadecimal digits and dashes only: they have one spelling up to case, come whole
 * at the end of an address, and hold no wildcard. For all others everything is read.
 *
 * @param id as `images.id` has it.
 */
export async function readReferencesTo(executor: Executor, schema: GlanceSchema, id: string): Promise<References> {
  const findable = schema.keyKind === 'text' && /^[0-9a-f-]{8,}$/iu.test(id);
  if (!findable) return readReferences(executor, schema);
  return readReferences(executor, schema, { sql: 'AND LOWER(value) LIKE ?', bindings: [`%${id.toLowerCase()}%`] });
}

const ANY_VALUE: Statement = { sql: '', bindings: [] };

/** Yields ids of images that name one of `targets`, soft-deleted ones included, in lists. */
export async function* readReferrers(
  executor: Executor,
  schema: GlanceSchema,
  targets: readonly string[],
): AsyncGenerator<readonly string[], void, undefined> {
  const wanted = new IdTable(schema.idComparison);
  for (const id of targets) wanted.add(id);
  for await (const mentions of scanMentions(executor, schema, ANY_VALUE)) {
    yield mentions.flatMap(({ referrer, target }) => (wanted.indexOf(target) < 0 ? [] : [referrer]));
  }
}

async function* scanMentions(
  executor: Executor,
  schema: GlanceSchema,
  holding: Statement,
): AsyncGenerator<readonly Mention[], void, undefined> {
  let after: unknown = null;
  for (;;) {
    const bound = after === null ? '' : 'id > ? AND ';
    const rows: readonly DriverRow[] = await executor.query(
      `SELECT id, image_id, name, SUBSTR(value, 1, 1024) AS head FROM image_properties
       WHERE ${bound}name IN (?, ?) AND NOT deleted ${holding.sql} ORDER BY id LIMIT ${SCAN_PAGE}`,
      [...(after === null ? [] : [Number(after)]), 'kernel_id', 'ramdisk_id', ...holding.bindings],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last['id'];
    yield rows.flatMap((row) => mentionOf(row, schema) ?? []);
  }
}

/** A property that names an image. */
export interface Mention {
  readonly referrer: string;
  readonly role: ReferenceRole;
  readonly target: string;
}

/**
 * Reads a row of `image_properties` (image_id, name, head) as a mention; null where it names nothing. MySQL's
 * collations find Kernel_ID as well, which Glance's users never read.
 */
function mentionOf(row: DriverRow, schema: GlanceSchema): Mention | null {
  const role = roleOf(String(row['name']));
  const head = row['head'];
  if (role === null || typeof head !== 'string') return null;
  const reference = parseReference(head, schema.keyKind);
  const referrer = keyText(row['image_id']);
  return reference.kind !== 'id' || referrer === null ? null : { referrer, role, target: reference.id };
}

/** The role that a property gives; null for one that names no image. */
export function roleOf(name: string): ReferenceRole | null {
  if (name === 'kernel_id') return 'kernel';
  return name === 'ramdisk_id' ? 'ramdisk' : null;
}

/** Counts mentions, and comes to references. */
export interface ReferenceTally {
  /** Numbers of images, to be shared with a cache. */
  readonly ids: IdTable;
  /**
   * Counts the mentions of live images, and notes the state of the images that they name. Spellings of one id that the
   * database takes for the same row count for that row.
   */
  add(mentions: readonly Mention[]): Promise<void>;
  /** As `References.targetOf`, for the mentions added so far. */
  targetOf(id: string): ReferenceTarget | null;
  references(): References;
}

export function tallyReferences(executor: Executor, schema: GlanceSchema): ReferenceTally {
  const ids = new IdTable(schema.idComparison);
  const counts = createReferenceCounts();
  const states = new TargetStates(ids);
  return {
    ids,
    async add(mentions) {
      if (mentions.length === 0) return;
      const asked = new Set<string>();
      for (const { referrer, target } of mentions) {
        asked.add(referrer);
        if (!states.knows(ids.indexOf(target))) asked.add(target);
      }
      const found = await lookUpImages(executor, schema, [...asked]);
      for (const { referrer, role, target } of mentions) {
        const naming = found.get(referrer);
        if (naming === undefined || naming.deleted) continue;
        const number = ids.add(target);
        counts.add(number, role, naming.id);
        if (!states.knows(number)) states.note(number, found.get(target));
      }
    },
    targetOf: (id) => states.targetOf(id),
    references: () => ({
      ...createReferenceTargets(executor, schema, states),
      size: counts.size,
      ids,
      referencedBy: (id) => counts.of(ids.indexOf(id)),
      referencedByNumber: (image) => counts.of(image),
      rolesOf: (image) => counts.rolesOf(image),
      *targetIds() {
        for (const target of counts.targets()) yield ids.idAt(target);
      },
      targetOf: (id) => states.targetOf(id),
    }),
  };
}
