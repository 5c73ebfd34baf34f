import type { Executor } from '../db/database.ts';
import type { ReferencedBy, ReferenceTarget } from '../model/image.ts';
import { keyText } from './driver-value.ts';
import { type FoundImage, lookUpImages } from './image-lookup.ts';
import type { Statement } from './page-statement.ts';
import { parseReference } from './reference-value.ts';
import type { GlanceSchema } from './schema.ts';

/** Rows of one statement of the pre-pass. */
const SCAN_PAGE = 5_000;

/** What an image that names no kernel has: one shared object. */
export const ABSENT: ReferenceTarget = { kind: 'absent' };

/**
 * Which image names which as kernel or ramdisk. Holds the distinct targets and nothing else: about 400 bytes each
 * (measured with 200,000 on Node 20), so that one million different kernels would cost 0.4 GB; real clouds have dozens.
 */
export interface References {
  /** Number of distinct targets held. */
  readonly size: number;
  /** Live images that name this one; null where none does. O(1). */
  referencedBy(id: string): ReferencedBy | null;
  /**
   * What the value of a `kernel_id` or `ramdisk_id` property leads to. O(1).
   * @returns null where the value was written after the pre-pass: `learn` it first.
   */
  resolve(raw: string | null | undefined): ReferenceTarget | null;
  /** Ids that some property names, in the order met. */
  targetIds(): Iterable<string>;
  /** Looks up values that the pre-pass has not seen. */
  learn(raws: readonly string[]): Promise<void>;
}

interface Counts {
  asKernel: number;
  asRamdisk: number;
  sampleKernelOf: string | null;
  sampleRamdiskOf: string | null;
}

/**
 * One pass over `image_properties` by key (no index serves a search by name: the one statement that asked for all of them
 * would hold its snapshot for the whole table), then a look at every distinct target. A soft-deleted image or property
 * refers to nothing.
 */
export async function readReferences(executor: Executor, schema: GlanceSchema): Promise<References> {
  return readMentions(executor, schema, ANY_VALUE);
}

/**
 * The same for what concerns one image: who names it. The server leaves out values that cannot mean it, so that next to nothing is
 * transferred. Only ids of hexadecimal digits and dashes can be looked for so: they are spelled in one way up to case, stand whole
 * at the end of an address, and hold no wildcard. For all others everything is read.
 *
 * @param id as `images.id` has it.
 */
export async function readReferencesTo(executor: Executor, schema: GlanceSchema, id: string): Promise<References> {
  const findable = schema.keyKind === 'text' && /^[0-9a-f-]{8,}$/iu.test(id);
  return readMentions(
    executor,
    schema,
    findable ? { sql: 'AND LOWER(value) LIKE ?', bindings: [`%${id.toLowerCase()}%`] } : ANY_VALUE,
  );
}

const ANY_VALUE: Statement = { sql: '', bindings: [] };

async function readMentions(executor: Executor, schema: GlanceSchema, holding: Statement): Promise<References> {
  const counts = new Map<string, Counts>();
  let after: number | null = null;
  for (;;) {
    const rows = await scanPage(executor, after, holding);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.key;
    await count(executor, schema, rows, counts);
  }
  const targets = new Map<string, ReferenceTarget>();
  await resolveTargets(executor, schema, [...counts.keys()], targets);
  mergeAliases(counts, targets);
  return new ReferenceIndex(executor, schema, counts, targets);
}

interface Mention {
  readonly key: number;
  readonly imageId: string;
  readonly role: 'kernel' | 'ramdisk' | 'other';
  readonly value: string | null;
}

async function scanPage(executor: Executor, after: number | null, holding: Statement): Promise<readonly Mention[]> {
  const bound = after === null ? '' : 'id > ? AND ';
  const rows = await executor.query(
    `SELECT id, image_id, name, SUBSTR(value, 1, 1024) AS head FROM image_properties
     WHERE ${bound}name IN (?, ?) AND NOT deleted ${holding.sql} ORDER BY id LIMIT ${SCAN_PAGE}`,
    [...(after === null ? [] : [after]), 'kernel_id', 'ramdisk_id', ...holding.bindings],
  );
  return rows.map((row) => ({
    key: Number(row['id']),
    imageId: keyText(row['image_id']) ?? '',
    role: roleOf(row['name']),
    value: typeof row['head'] === 'string' ? row['head'] : null,
  }));
}

/** MySQL's collations find Kernel_ID as well, which nobody reads. */
function roleOf(name: unknown): Mention['role'] {
  if (name === 'kernel_id') return 'kernel';
  return name === 'ramdisk_id' ? 'ramdisk' : 'other';
}

async function count(
  executor: Executor,
  schema: GlanceSchema,
  mentions: readonly Mention[],
  counts: Map<string, Counts>,
): Promise<void> {
  const meant = mentions.flatMap((mention) => {
    const reference = parseReference(mention.value, schema.keyKind);
    return mention.role !== 'other' && reference.kind === 'id' ? [{ ...mention, target: reference.id }] : [];
  });
  if (meant.length === 0) return;
  const referrers = await lookUpImages(executor, schema, [...new Set(meant.map((mention) => mention.imageId))]);
  for (const { imageId, role, target } of meant) {
    const referrer = referrers.get(imageId);
    // An orphan property or one of a soft-deleted image, but its target is still worth resolving: the map must know it.
    const entry = entryOf(counts, target);
    if (referrer === undefined || referrer.deleted) continue;
    if (role === 'kernel') {
      entry.asKernel += 1;
      entry.sampleKernelOf ??= referrer.id;
    } else {
      entry.asRamdisk += 1;
      entry.sampleRamdiskOf ??= referrer.id;
    }
  }
}

function entryOf(counts: Map<string, Counts>, id: string): Counts {
  let entry = counts.get(id);
  if (entry === undefined) {
    entry = { asKernel: 0, asRamdisk: 0, sampleKernelOf: null, sampleRamdiskOf: null };
    counts.set(id, entry);
  }
  return entry;
}

async function resolveTargets(
  executor: Executor,
  schema: GlanceSchema,
  ids: readonly string[],
  targets: Map<string, ReferenceTarget>,
): Promise<void> {
  for (let start = 0; start < ids.length; start += SCAN_PAGE) {
    const some = ids.slice(start, start + SCAN_PAGE);
    const found = await lookUpImages(executor, schema, some);
    for (const id of some) targets.set(id, targetOf(id, found.get(id)));
  }
}

function targetOf(asked: string, found: FoundImage | undefined): ReferenceTarget {
  if (found === undefined) return { kind: 'missing', id: asked };
  if (found.deleted) return { kind: 'deleted', id: found.id };
  return { kind: 'live', id: found.id, diskFormat: found.diskFormat, containerFormat: found.containerFormat };
}

/** Spellings of one id that the database takes for the same row count for that row. */
function mergeAliases(counts: Map<string, Counts>, targets: ReadonlyMap<string, ReferenceTarget>): void {
  for (const [asked, target] of targets) {
    if (target.kind === 'absent' || target.id === asked) continue;
    const alias = counts.get(asked);
    if (alias === undefined) continue;
    const own = entryOf(counts, target.id);
    own.asKernel += alias.asKernel;
    own.asRamdisk += alias.asRamdisk;
    own.sampleKernelOf ??= alias.sampleKernelOf;
    own.sampleRamdiskOf ??= alias.sampleRamdiskOf;
  }
}

class ReferenceIndex implements References {
  readonly #executor: Executor;
  readonly #schema: GlanceSchema;
  readonly #counts: ReadonlyMap<string, Counts>;
  readonly #targets: Map<string, ReferenceTarget>;

  constructor(
    executor: Executor,
    schema: GlanceSchema,
    counts: ReadonlyMap<string, Counts>,
    targets: Map<string, ReferenceTarget>,
  ) {
    this.#executor = executor;
    this.#schema = schema;
    this.#counts = counts;
    this.#targets = targets;
  }

  targetIds(): Iterable<string> {
    return this.#counts.keys();
  }

  get size(): number {
    return this.#targets.size;
  }

  referencedBy(id: string): ReferencedBy | null {
    const entry = this.#counts.get(id);
    return entry === undefined || entry.asKernel + entry.asRamdisk === 0 ? null : entry;
  }

  resolve(raw: string | null | undefined): ReferenceTarget | null {
    const value = parseReference(raw, this.#schema.keyKind);
    if (value.kind === 'absent') return ABSENT;
    if (value.kind === 'no-key') return { kind: 'missing', id: value.text };
    return this.#targets.get(value.id) ?? null;
  }

  async learn(raws: readonly string[]): Promise<void> {
    const ids = new Set<string>();
    for (const raw of raws) {
      const value = parseReference(raw, this.#schema.keyKind);
      if (value.kind === 'id' && !this.#targets.has(value.id)) ids.add(value.id);
    }
    if (ids.size > 0) await resolveTargets(this.#executor, this.#schema, [...ids], this.#targets);
  }
}
