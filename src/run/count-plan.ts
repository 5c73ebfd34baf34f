import type { PrePass } from '../glance/pre-pass.ts';
import type { ImageProperties } from '../glance/properties/properties.ts';
import { type DecisiveRows, readDecisiveRows } from '../glance/reader/decisive-rows.ts';
import { cachedEvidence } from '../glance/reader/evidence.ts';
import { countImages, evidenceOf, held } from '../glance/reader/reader.ts';
import { RowShapes, ShapedRecord } from '../glance/reader/shaped-row.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageEvidence, ReferencedBy, RowShape } from '../model/image.ts';
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
  const { references, cache } = await readAhead(context);
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

class Groups {
  readonly #context: ReadContext;
  readonly #add: AddImage;
  readonly #references: PrePass['references'];
  readonly #cache: NonNullable<PrePass['cache']>;
  readonly #shapes = new RowShapes();
  /** By shape, then by properties; the last index is `useOf`. */
  readonly #known = new Map<RowShape, Map<ImageProperties | null, (Group | undefined)[]>>();
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
    for (let index = 0; index < ids.length; index += 1) {
      const shape = this.#shapes.of(shapes[index] ?? '');
      if (shape === null) return false;
      this.#addRow(ids[index] ?? '', names[index] ?? null, shape, before + index);
    }
    return true;
  }

  #addRow(id: string, name: string | null, shape: RowShape, place: number): void {
    const number = this.#references.ids.indexOf(id);
    const properties = shape.deleted ? null : this.#cache.of(number);
    if (properties === 'apart') {
      this.#apart.push({ record: new ShapedRecord(id, name, shape), place });
      return;
    }
    const referencedBy = this.#references.referencedByNumber(number);
    const use = useOf(referencedBy);
    const group = this.#known.get(shape)?.get(properties)?.[use];
    if (group?.images.state === 'counts' && (group.names === 'say nothing' || nameHint(name) === null)) {
      group.images.count += 1;
      return;
    }
    const image = new ShapedRecord(id, name, shape);
    const evidence = cachedEvidence(image, properties, referencedBy, this.#references);
    const decision = this.#context.decide(evidence);
    const images = this.#add(evidence, decision, place);
    if (decision.status !== 'ambiguous') this.#keep(shape, properties, use, { images, names: 'say nothing' });
    else if (nameHint(name) === null) this.#keep(shape, properties, use, { images, names: 'weigh' });
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

  #keep(shape: RowShape, properties: ImageProperties | null, use: number, group: Group): void {
    if (this.#size >= MOST_GROUPS) {
      this.#known.clear();
      this.#size = 0;
    }
    let ofShape = this.#known.get(shape);
    if (ofShape === undefined) {
      ofShape = new Map();
      this.#known.set(shape, ofShape);
    }
    let byUse = ofShape.get(properties);
    if (byUse === undefined) {
      byUse = [];
      ofShape.set(properties, byUse);
    }
    if (byUse[use] === undefined) this.#size += 1;
    byUse[use] = group;
  }
}

/** As what other images use this one; which ones, and how many, is only shown of single images. */
function useOf(by: ReferencedBy | null): number {
  return by === null ? 0 : (by.asKernel > 0 ? 1 : 0) + (by.asRamdisk > 0 ? 2 : 0);
}
