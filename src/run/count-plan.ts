import type { ErrorClass } from '../db/dialect.ts';
import { isCached, type PrePass } from '../glance/pre-pass.ts';
import type { ImageProperties } from '../glance/properties/properties.ts';
import { decisiveBlocks, decisivePages, type DecisiveRows } from '../glance/reader/decisive-rows.ts';
import { cachedEvidence } from '../glance/reader/evidence.ts';
import { countImages, evidenceOf } from '../glance/reader/reader.ts';
import { ownText } from '../model/own-text.ts';
import { parseShape, ShapedRecord } from '../glance/reader/shaped-row.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageEvidence, RowShape } from '../model/image.ts';
import { nameHint } from '../rules/decide/name-hint.ts';
import type { ReadContext } from './context/context.ts';
import { readAhead } from './context/scan.ts';
import { stopRequested } from './context/stop.ts';

/** Images that are counted alike. */
interface LikeImages {
  /**
   * Counts a further image.
   *
   * @param place null: behind all others.
   * @returns false where more than its number is wanted: it must be added.
   */
  countAt(place: string | null): boolean;
}

/**
 * Adds an image with its decision.
 * @param place of the image in the order of the scan: a number, or a text that is compared in code units.
 * @returns where further images like this one may be counted.
 */
export type AddImage = (evidence: ImageEvidence, decision: Decision, place: number | string) => LikeImages;

/** Rows whose properties are read in one go. */
const READ_APART = 1_000;

/** Rows of a packed page: larger texts leave more garbage (at 10,000 rows the peak is 70 MiB higher). */
const MOST_PACKED = 2_500;

type End = 'finished' | 'stopped' | 'row-by-row';

/**
 * Decides every row, like `plan`, where no single row is wanted: rows that look alike are decided once and then only
 * counted. `plan` is slower, and says what is right.
 *
 * @param begin starts counting from nothing; what was added before is worthless.
 * @returns `row-by-row` where `plan` must read this database.
 */
export async function countPlan(context: ReadContext, begin: () => AddImage): Promise<End> {
  const { reader, schema, size, onEvent } = context;
  if (schema.shape === null || !(await isCached(reader, schema))) return 'row-by-row';
  const counted = countImages(reader);
  // Awaited after the pre-pass, which may fail first.
  counted.catch(() => {});
  const { references, cache } = await readAhead(context, { detail: 'states', digest: 'none' });
  onEvent({ kind: 'phase', phase: 'plan', total: await counted });
  if (cache === null) return 'row-by-row';
  const groups = (): Groups => new Groups(context, begin(), { references, cache });
  const most = schema.pack === null ? Number.POSITIVE_INFINITY : MOST_PACKED;
  const pageSize = (): number => Math.min(size.next(), most);
  return (
    (await countBlocks(context, groups, pageSize)) ??
    (await countPages(context, groups(), decisivePages(reader, schema, pageSize), 'in-order'))
  );
}

/**
 * Counts in the order in which the table lies on disk; samples are chosen by id.
 * @returns null where that cannot be done: the rows must be read in the order of their keys.
 */
async function countBlocks(context: ReadContext, groups: () => Groups, pageSize: () => number): Promise<End | null> {
  const { reader, schema } = context;
  const { blocks } = reader.dialect;
  if (blocks === null || schema.keyKind !== 'text' || (await blocks.count(reader, 'images')) === 0) return null;
  try {
    const end = await reader.transaction(async (trx) => {
      await trx.query(blocks.oneSnapshot);
      // Counted anew: the rows of this snapshot lie in blocks that are there by now.
      const table = { blocks, end: await blocks.count(trx, 'images') };
      return countPages(context, groups(), decisiveBlocks(trx, schema, table, pageSize), 'in-no-order');
    });
    return end === 'row-by-row' ? null : end;
  } catch (error) {
    // A page by itself is asked for again, and waits for the server; a transaction is over.
    if (PASSING.has(reader.dialect.classify(error))) return null;
    throw error;
  }
}

const PASSING: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['connection-lost', 'conflict', 'unreachable']);

async function countPages(
  { clock, size, onEvent, stop }: ReadContext,
  groups: Groups,
  pages: AsyncGenerator<DecisiveRows | null>,
  order: 'in-order' | 'in-no-order',
): Promise<End> {
  let done = 0;
  let began = performance.now();
  for await (const page of pages) {
    const came = performance.now();
    clock.add('read', came - began);
    if (page === null) return 'row-by-row';
    size.took(page.ids.length, came - began);
    if (!groups.addPage(page, order === 'in-order' ? done : null)) return 'row-by-row';
    began = performance.now();
    clock.add('decide', began - came);
    done += page.ids.length;
    if (groups.apart >= READ_APART) await groups.addApart();
    onEvent({ kind: 'progress', done });
    if (await stopRequested(stop)) return 'stopped';
  }
  await groups.addApart();
  return 'finished';
}

/** Ids that every collation sorts like code units. */
const CANONICAL = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Rows of the same shape, with properties of the same meaning, that others use alike. */
interface Group {
  readonly images: LikeImages;
  /** A telling name changes the order of the candidates of an open decision, and nothing else. */
  readonly names: 'weigh' | 'say nothing';
}

/** Groups held, about 100 bytes each; a deployment has some thousand. */
const MOST_GROUPS = 100_000;

/** What is known of the rows of one shape. */
interface OfShape {
  readonly shape: RowShape;
  /** Of rows without properties, which nobody names. */
  plain: Group | undefined;
  /** By properties, then by `References.rolesOf`. */
  readonly others: Map<ImageProperties | null, (Group | undefined)[]>;
}

class Groups {
  readonly #context: ReadContext;
  readonly #add: AddImage;
  readonly #references: PrePass['references'];
  readonly #cache: NonNullable<PrePass['cache']>;
  readonly #shapes = new Map<string, OfShape>();
  #size = 0;
  #apart: { readonly record: ShapedRecord; readonly place: number | string }[] = [];

  constructor(
    context: ReadContext,
    add: AddImage,
    {
      references,
      cache,
    }: { readonly references: PrePass['references']; readonly cache: NonNullable<PrePass['cache']> },
  ) {
    this.#context = context;
    this.#add = add;
    this.#references = references;
    this.#cache = cache;
  }

  /** Rows that wait for their properties. */
  get apart(): number {
    return this.#apart.length;
  }

  /**
   * @param before rows before the page; null where rows come in no order, and are shown in that of their ids.
   * @returns false where rows must be read one by one: no Glance wrote one of them, or the order of its id is unknown.
   */
  addPage({ ids, names, shapes }: DecisiveRows, before: number | null): boolean {
    const references = this.#references;
    const numbers = references.ids;
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] ?? '';
      const name = names[index] ?? null;
      const ofShape = this.#ofShape(shapes[index] ?? '');
      if (ofShape === null || (before === null && !CANONICAL.test(id))) return false;
      const number = numbers.indexOf(id);
      const properties = number < 0 || ofShape.shape.deleted ? null : this.#cache.of(number);
      const roles = number < 0 ? 0 : references.rolesOf(number);
      const group =
        properties === null && roles === 0
          ? ofShape.plain
          : properties === 'apart'
            ? undefined
            : ofShape.others.get(properties)?.[roles];
      const isLike = group !== undefined && (group.names === 'say nothing' || nameHint(name) === null);
      if (isLike && group.images.countAt(before === null ? id : null)) continue;
      const place = before === null ? id : before + index;
      this.#addRow(new ShapedRecord(id, name, ofShape.shape), place, { ofShape, number, properties, roles });
    }
    return true;
  }

  /** Adds the rows that wait for their properties. */
  async addApart(): Promise<void> {
    const { reader, schema, decide } = this.#context;
    const waiting = this.#apart;
    this.#apart = [];
    const records = waiting.map(({ record }) => record);
    let index = 0;
    for (const evidence of await evidenceOf(reader, schema, this.#references, { records, cache: this.#cache })) {
      this.#add(evidence, decide(evidence), waiting[index]?.place ?? '');
      index += 1;
    }
  }

  #addRow(record: ShapedRecord, place: number | string, { ofShape, number, properties, roles }: RowPlace): void {
    if (properties === 'apart') {
      this.#apart.push({ record, place });
      return;
    }
    const referencedBy = this.#references.referencedByNumber(number);
    const evidence = cachedEvidence(record, properties, referencedBy, this.#references);
    const decision = this.#context.decide(evidence);
    const images = this.#add(evidence, decision, place);
    const names = decision.status === 'ambiguous' ? 'weigh' : 'say nothing';
    // A group that telling names may leave begins with a row that has none.
    if (names === 'weigh' && nameHint(record.name) !== null) return;
    if (this.#size >= MOST_GROUPS) {
      this.#shapes.clear();
      this.#size = 0;
    }
    this.#size += 1;
    if (properties === null && roles === 0) ofShape.plain = { images, names };
    else getOrMake(ofShape.others, properties)[roles] = { images, names };
  }

  #ofShape(text: string): OfShape | null {
    const known = this.#shapes.get(text);
    if (known !== undefined) return known;
    const shape = parseShape(text);
    if (shape === null) return null;
    this.#size += 1;
    const made = { shape, plain: undefined, others: new Map<ImageProperties | null, (Group | undefined)[]>() };
    this.#shapes.set(ownText(text), made);
    return made;
  }
}

interface RowPlace {
  readonly ofShape: OfShape;
  readonly number: number;
  readonly properties: ImageProperties | 'apart' | null;
  readonly roles: number;
}

function getOrMake(
  groups: Map<ImageProperties | null, (Group | undefined)[]>,
  properties: ImageProperties | null,
): (Group | undefined)[] {
  const known = groups.get(properties);
  if (known !== undefined) return known;
  const made: (Group | undefined)[] = [];
  groups.set(properties, made);
  return made;
}
