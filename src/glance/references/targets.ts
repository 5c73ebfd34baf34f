import type { Executor } from '../../db/database.ts';
import type { ReferenceTarget } from '../../model/image.ts';
import { type FoundImage, lookUpImages } from '../tables/image-lookup.ts';
import { parseReference } from './value.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import type { TargetStates } from './target-states.ts';

/** What an image that names no kernel has: one shared object. */
export const ABSENT: ReferenceTarget = { kind: 'absent' };

/** Where values of `kernel_id` and `ramdisk_id` lead. */
export interface ReferenceTargets {
  /**
   * What a value leads to, as far as it is known.
   * @returns null where the value must be looked up first: `learn` it.
   */
  resolve(raw: string | null | undefined): ReferenceTarget | null;
  /** Looks up values; all of one call are known together afterwards. */
  learn(raws: readonly string[]): Promise<void>;
}

/** Ids kept, so that the kernel of a thousand images is looked up once; some hundred bytes each. */
const KEPT = 5_000;

/** @param states what was looked up before; all else is looked up when it is learned. */
export function createReferenceTargets(
  executor: Executor,
  schema: GlanceSchema,
  states: TargetStates,
): ReferenceTargets {
  const known = new Map<string, ReferenceTarget>();
  return {
    resolve(raw) {
      // Most values are the id itself; no other text that means one, or none, is a key here.
      const found = typeof raw === 'string' ? known.get(raw) : undefined;
      if (found !== undefined) return found;
      const value = parseReference(raw, schema.keyKind);
      if (value.kind === 'absent') return ABSENT;
      if (value.kind === 'no-key') return { kind: 'missing', id: value.text };
      return states.targetOf(value.id) ?? known.get(value.id) ?? null;
    },
    async learn(raws) {
      const wanted = new Set<string>();
      for (const raw of raws) {
        const value = parseReference(raw, schema.keyKind);
        if (value.kind === 'id') wanted.add(value.id);
      }
      if (known.size + wanted.size > KEPT) known.clear();
      const ids = [...wanted].filter((id) => !known.has(id) && states.targetOf(id) === null);
      const found = ids.length === 0 ? new Map<string, FoundImage>() : await lookUpImages(executor, schema, ids);
      for (const id of ids) known.set(id, targetOf(id, found.get(id)));
    },
  };
}

function targetOf(asked: string, found: FoundImage | undefined): ReferenceTarget {
  if (found === undefined) return { kind: 'missing', id: asked };
  if (found.deleted) return { kind: 'deleted', id: found.id };
  return { kind: 'live', id: found.id, diskFormat: found.diskFormat, containerFormat: found.containerFormat };
}
