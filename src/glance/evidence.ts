import type { ImageEvidence, ImageRecord, ReferenceTarget } from '../model/image.ts';
import { comparable } from './image-lookup.ts';
import { type ImageProperties, NO_PROPERTIES, type PropertiesByImage } from './properties.ts';
import { ABSENT } from './reference-targets.ts';
import type { References } from './references.ts';
import type { GlanceSchema } from './schema.ts';

/** Joins rows, properties and references. No row is copied; images without properties share one empty map. */
export async function assembleEvidence(
  schema: GlanceSchema,
  records: readonly ImageRecord[],
  properties: PropertiesByImage,
  references: References,
): Promise<readonly ImageEvidence[]> {
  await learnTargets(properties, references);
  return records.map((image) => {
    const own = properties.size === 0 || image.deleted ? undefined : properties.get(comparable(schema, image.id));
    return {
      image,
      properties: own?.live ?? NO_PROPERTIES,
      lostProperties: own?.lost ?? NO_PROPERTIES,
      kernel: targetOf(own, 'kernel_id', references),
      ramdisk: targetOf(own, 'ramdisk_id', references),
      referencedBy: references.size === 0 ? null : references.referencedBy(image.id),
    };
  });
}

/** Values that are not known yet are looked up once for the page, never guessed at. */
async function learnTargets(properties: PropertiesByImage, references: References): Promise<void> {
  const raws: string[] = [];
  let unknown = 0;
  for (const { live } of properties.values()) {
    if (live === null) continue;
    for (const name of ['kernel_id', 'ramdisk_id']) {
      const raw = live.get(name);
      if (typeof raw !== 'string') continue;
      raws.push(raw);
      if (references.resolve(raw) === null) unknown += 1;
    }
  }
  // All of the page: learning some may make room by forgetting the others.
  if (unknown > 0) await references.learn(raws);
}

function targetOf(own: ImageProperties | undefined, name: string, references: References): ReferenceTarget {
  if (own === undefined || own.live === null) return ABSENT;
  const raw = own.live.get(name);
  if (raw === undefined) return ABSENT;
  const target = references.resolve(raw);
  if (target === null) throw new Error(`a ${name} was not learned`);
  return target;
}
