import type { PrePass } from '../glance/pre-pass.ts';
import type { ImageProperties } from '../glance/properties/properties.ts';
import { type DecisiveRows, readDecisiveRows } from '../glance/reader/decisive-rows.ts';
import { cachedEvidence } from '../glance/reader/evidence.ts';
import { countImages, evidenceOf, held } from '../glance/reader/reader.ts';
import { ownText } from '../glance/tables/packed-rows.ts';
import { parseShape, ShapedRecord } from '../glance/reader/shaped-row.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageEvidence, RowShape } from '../model/image.ts';
import { nameHint } from '../rules/decide/name-hint.ts';
import type { ReadContext } from './context/context.ts';
import { readAhead } from './context/scan.ts';
import { stopRequested } from './context/stop.ts';

/** Images that are counted alike. */
interface LikeImages {
  count: number;
  /** `counts`: of a further image only the number is wanted. `samples`: it must be added. `closed`: so must it. */
  readonly state: 'counts' | 'samples' | 'closed';
}

/**
 * Adds an image with its decision.
 * @param place of the image in the order of the scan.
 * @returns where further images like this one may be counted.
 */
export type AddImage = (evidence: ImageEvidence, decision: Decision, place: number) => LikeImages;

/** Rows whose properties are read in one go. */
const READ_APART = 1_000;

/**
 * Decides every row, like `plan`, where no single row is wanted: rows that look alike are decided once and then only
 * counted. `plan` is slower, and says what is right.
 *
 * @returns `row-by-row` where `plan` must read this database; what was added until then is worthless.
 */
export async function countPlan(context: ReadContext, add: AddImage): Promise<'finished' | 'stopped' | 'row-by-row'> {
  const { reader, schema, size, clock, onEvent, stop } = context;
  if (schema.shape === null) return 'row-by-row';
  const counted = countImages(reader);
  // Awaited after the pre-pass, which may fail first.
  counted.catch(() => {});
  const { references, cache } = await readAhead(context, 'states');
  onEvent({ kind: 'phase', phase: 'plan', total: await counted });
  if (cache === null) return 'row-by-row';
  const groups = new Groups(context, add, { references, cache });
  const read = (after: string | null): Promise<DecisiveRows | null> =>
    held(readDecisiveRows(reader, schema, { after, until: null }, size.next()));
  let next = read(null);
  try {
    for (let done = 0; ;) {
      const waited = performance.now();
      const rows = await next;
      if (rows === null) return 'row-by-row';
      clock.add('read', performance.now() - waited);
      size.took(rows.ids.length, performance.now() - waited);
      if (rows.until === null) break;
      next = read(rows.until);
      const began = performance.now();
      if (!groups.addPage(rows, done)) return 'row-by-row';
      clock.add('decide', performance.now() - began);
      done += rows.ids.length;
      if (groups.apart >= READ_APART) await groups.addApart();
      onEvent({ kind: 'progress', done });
      if (await stopRequested(stop)) return 'stopped';
    }
    await groups.addApart();
    return 'finished';
  } finally {
    await Promise.allSettled([next]);
  }
}

/** Rows of the same shape and with properties of the same meaning, used alike by others, that name no image themselves. */
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
  #apart: { readonly record: ShapedRecord; readonly place: number }[] = [];

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

  /** @returns false where a row must be read column by column: no Glance wrote it. */
  addPage({ ids, names, shapes }: DecisiveRows, before: number): boolean {
    const references = this.#references;
    const numbers = references.ids;
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] ?? '';
      const name = names[index] ?? null;
      const ofShape = this.#ofShape(shapes[index] ?? '');
      if (ofShape === null) return false;
      const number = numbers.indexOf(id);
      const properties = number < 0 || ofShape.shape.deleted ? null : this.#cache.of(number);
      const roles = number < 0 ? 0 : references.rolesOf(number);
      const group =
        properties === null && roles === 0
          ? ofShape.plain
          : properties === 'apart'
            ? undefined
            : ofShape.others.get(properties)?.[roles];
      if (group?.images.state === 'counts' && (group.names === 'say nothing' || nameHint(name) === null))
        group.images.count += 1;
      else
        this.#addRow(new ShapedRecord(id, name, ofShape.shape), before + index, { ofShape, number, properties, roles });
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
      this.#add(evidence, decide(evidence), waiting[index]?.place ?? 0);
      index += 1;
    }
  }

  #addRow(record: ShapedRecord, place: number, { ofShape, number, properties, roles }: RowPlace): void {
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
    this.#size += 1;
    if (properties === null && roles === 0) ofShape.plain = { images, names };
    else getOrMake(ofShape.others, properties)[roles] = { images, names };
  }

  #ofShape(text: string): OfShape | null {
    const known = this.#shapes.get(text);
    if (known !== undefined) return known;
    const shape = parseShape(text);
    if (shape === null) return null;
    if (this.#size >= MOST_GROUPS) {
      this.#shapes.clear();
      this.#size = 0;
    }
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
