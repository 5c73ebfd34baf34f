import type { ImageEvidence, ImageRecord, ReferenceTarget } from '../../model/image.ts';
import { comparable } from '../tables/keys.ts';
import { type GlanceSchema } from '../tables/schema.ts';
import { type ImageProperties, NO_PROPERTIES, type PropertiesByImage } from '../properties/properties.ts';
import type { PropertyCache } from '../properties/cache.ts';
import { ABSENT } from '../references/targets.ts';
import type { References } from '../references/references.ts';
import { ShapedRecord } from './shaped-row.ts';

/** Number of rows. */
export interface EvidenceParts {
  readonly records: readonly ImageRecord[];
  /** The number of each row in `references.ids`, -1 where it has none. */
  readonly numbers: Int32Array;
  /** Properties read together with the rows. */
  readonly properties: PropertiesByImage;
  /** null where all properties were read together with the rows. */
  readonly cache: PropertyCache | null;
  readonly references: References;
}

/**
 * The evidence of a page of rows. It is put together during iteration, not before: a page that waits for its turn would
 * otherwise fill the memory with objects that are used once.
 */
export class EvidencePage implements Iterable<ImageEvidence> {
  readonly #schema: GlanceSchema;
  readonly #parts: EvidenceParts;
  /** The targets of the values in this page; held here, because references may drop what they know of them. */
  readonly #targets: ReadonlyMap<string, ReferenceTarget>;

  private constructor(schema: GlanceSchema, parts: EvidenceParts, targets: ReadonlyMap<string, ReferenceTarget>) {
    this.#schema = schema;
    this.#parts = parts;
    this.#targets = targets;
  }

  /** Makes a page. Values of `kernel_id` and `ramdisk_id` that are not known yet are looked up once for the page. */
  static async of(schema: GlanceSchema, parts: EvidenceParts): Promise<EvidencePage> {
    return new EvidencePage(schema, parts, await targetsOf(parts.properties, parts.references));
  }

  /** Rows. */
  get size(): number {
    return this.#parts.records.length;
  }

  get images(): readonly ImageEvidence[] {
    return [...this];
  }

  *[Symbol.iterator](): Generator<ImageEvidence, void, undefined> {
    const { records, numbers, references } = this.#parts;
    const targetOf = (raw: string): ReferenceTarget | null => this.#targetOf(raw);
    let index = 0;
    for (const image of records) {
      const number = numbers[index] ?? -1;
      index += 1;
      const own = image.deleted ? null : this.#propertiesOf(image, number);
      yield evidenceFrom(image, own, references.referencedByNumber(number), targetOf);
    }
  }

  #propertiesOf(image: ImageRecord, number: number): ImageProperties | null {
    const { cache, properties } = this.#parts;
    const cached = cache === null ? 'apart' : cache.of(number);
    if (cached !== 'apart') return cached;
    return properties.size === 0 ? null : (properties.get(comparable(this.#schema, image.id)) ?? null);
  }

  #targetOf(raw: string): ReferenceTarget | null {
    return this.#targets.get(raw) ?? this.#parts.references.resolve(raw);
  }
}

/** The evidence of a row whose properties are in a cache, and which is not left out there. */
export function cachedEvidence(
  image: ImageRecord,
  own: ImageProperties | null,
  referencedBy: ImageEvidence['referencedBy'],
  references: References,
): ImageEvidence {
  return evidenceFrom(image, own, referencedBy, (raw) => references.resolve(raw));
}

function evidenceFrom(
  image: ImageRecord,
  own: ImageProperties | null,
  referencedBy: ImageEvidence['referencedBy'],
  targetOf: (raw: string) => ReferenceTarget | null,
): ImageEvidence {
  const live = own?.live ?? null;
  return {
    image,
    shape: image instanceof ShapedRecord ? image.shape : undefined,
    properties: live ?? NO_PROPERTIES,
    lostProperties: own?.lost ?? NO_PROPERTIES,
    kernel: live === null ? ABSENT : namedTarget(live, 'kernel_id', targetOf),
    ramdisk: live === null ? ABSENT : namedTarget(live, 'ramdisk_id', targetOf),
    referencedBy,
  };
}

function namedTarget(
  properties: NonNullable<ImageProperties['live']>,
  name: string,
  targetOf: (raw: string) => ReferenceTarget | null,
): ReferenceTarget {
  const raw = properties.get(name) ?? null;
  if (raw === null) return ABSENT;
  const found = targetOf(raw);
  if (found === null) throw new Error(`a ${name} was not looked up`);
  return found;
}

/** The numbers of rows in the table of ids that references and a cache share. */
export function numbersOf(records: readonly ImageRecord[], { ids }: References): Int32Array {
  if (ids.size === 0) return new Int32Array(0);
  return Int32Array.from(records, ({ id }) => ids.indexOf(id));
}

const NO_TARGETS: ReadonlyMap<string, ReferenceTarget> = new Map();

async function targetsOf(
  properties: PropertiesByImage,
  references: References,
): Promise<ReadonlyMap<string, ReferenceTarget>> {
  const raws = new Set<string>();
  for (const { live } of properties.values()) {
    if (live === null) continue;
    for (const name of ['kernel_id', 'ramdisk_id']) {
      const raw = live.get(name);
      if (typeof raw === 'string') raws.add(raw);
    }
  }
  if (raws.size === 0) return NO_TARGETS;
  // Learns all values of the page: learning some may make room by dropping others.
  if ([...raws].some((raw) => references.resolve(raw) === null)) await references.learn([...raws]);
  const targets = new Map<string, ReferenceTarget>();
  for (const raw of raws) {
    const target = references.resolve(raw);
    if (target === null) throw new Error('a value was not learned');
    targets.set(raw, target);
  }
  return targets;
}
