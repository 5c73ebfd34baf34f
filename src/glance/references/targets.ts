import type { Executor } from '../../db/database.ts';
import type { ReferenceTarget } from '../../model/image.ts';
import { type FoundImage, lookUpImages } from '../tables/image-lookup.ts';
import { parseReference } from './value.ts';
import type { GlanceSchema } from '../tables/schema.ts';
import { grown, type IdTable } from './id-table.ts';

/** The target of an image that names no kernel: one shared object. */
export const ABSENT: ReferenceTarget = { kind: 'absent' };

/** What values of `kernel_id` and `ramdisk_id` refer to. */
export interface ReferenceTargets {
  /**
   * Resolves a value.
   * @returns null where the value must be looked up first, with `learn`.
   */
  resolve(raw: string | null | undefined): ReferenceTarget | null;
  /** Looks up values; all values of one call are known together afterwards. */
  learn(raws: readonly string[]): Promise<void>;
}

/** Ids kept, so that the kernel of a thousand images is looked up once; some hundred bytes each. */
const KEPT = 5_000;

/** @param states the targets looked up before; all others are looked up by `learn`. */
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

const UNKNOWN = 0;
const MISSING = 1;

/**
 * The states of named images when they were looked up, once: every decision depends on that, and a later pass compares
 * with it. Four bytes each; images are identified by their numbers in a table of ids.
 */
export class TargetStates {
  readonly #ids: IdTable;
  #stateOf = new Uint32Array(1_024);
  /** Distinct states, about as many as there are pairs of formats, by number and by text. */
  readonly #states: (FoundImage | null)[] = [null, null];
  readonly #numberOf = new Map<string, number>();
  /** Ids that the database spells in another way than the table of ids. */
  readonly #spellings = new Map<number, string>();

  constructor(ids: IdTable) {
    this.#ids = ids;
  }

  /** @param found undefined where no row has that id. */
  note(target: number, found: FoundImage | undefined): void {
    if (target >= this.#stateOf.length) this.#stateOf = grown(this.#stateOf, target);
    this.#stateOf[target] = found === undefined ? MISSING : this.#intern(found);
    if (found !== undefined && found.id !== this.#ids.idAt(target)) this.#spellings.set(target, found.id);
  }

  /** Whether the image was looked up. @param target -1 for an image without a number. */
  knows(target: number): boolean {
    return target >= 0 && (this.#stateOf[target] ?? UNKNOWN) !== UNKNOWN;
  }

  /**
   * @param id as it is asked for.
   * @returns null where the image was not looked up.
   */
  targetOf(id: string): ReferenceTarget | null {
    const target = this.#ids.indexOf(id);
    if (!this.knows(target)) return null;
    const found = this.#states[this.#stateOf[target] ?? MISSING] ?? null;
    if (found === null) return { kind: 'missing', id };
    return targetOf(id, { ...found, id: this.#spellings.get(target) ?? this.#ids.idAt(target) });
  }

  #intern(found: FoundImage): number {
    const text = JSON.stringify([found.deleted, found.diskFormat, found.containerFormat]);
    const known = this.#numberOf.get(text);
    if (known !== undefined) return known;
    const made = this.#states.push(found) - 1;
    this.#numberOf.set(text, made);
    return made;
  }
}

/** Whether two states of one target are the same as far as decisions can tell. */
export function sameTarget(one: ReferenceTarget | null, other: ReferenceTarget | null): boolean {
  if (one === null || other === null) return one === other;
  const words = (target: ReferenceTarget): readonly unknown[] =>
    target.kind === 'live' ? [target.diskFormat, target.containerFormat] : [];
  return one.kind === other.kind && words(one).every((word, index) => word === words(other)[index]);
}
