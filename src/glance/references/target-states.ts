import type { ReferenceTarget } from '../../model/image.ts';
import type { IdTable } from './id-table.ts';
import type { FoundImage } from '../tables/image-lookup.ts';

const UNKNOWN = 0;
const MISSING = 1;

/**
 * What images that others name were when they were looked up, once: every decision rests on that, and a later pass compares with it. Four
 * bytes each; images go by their numbers in a table of ids.
 */
export class TargetStates {
  readonly #ids: IdTable;
  #stateOf = new Uint32Array(1_024);
  /** Distinct states, of which there are about as many as pairs of formats, by number and by text. */
  readonly #states: (FoundImage | null)[] = [null, null];
  readonly #numberOf = new Map<string, number>();
  /** As the database spells them, where that is not as the table of ids does. */
  readonly #spellings = new Map<number, string>();

  constructor(ids: IdTable) {
    this.#ids = ids;
  }

  /** @param found undefined where no row has that id. */
  note(target: number, found: FoundImage | undefined): void {
    if (target >= this.#stateOf.length) {
      const larger = new Uint32Array(Math.max(this.#stateOf.length * 2, target + 1));
      larger.set(this.#stateOf);
      this.#stateOf = larger;
    }
    this.#stateOf[target] = found === undefined ? MISSING : this.#intern(found);
    if (found !== undefined && found.id !== this.#ids.idAt(target)) this.#spellings.set(target, found.id);
  }

  /** Whether it was looked up. @param target -1 for an image that has no number. */
  knows(target: number): boolean {
    return target >= 0 && (this.#stateOf[target] ?? UNKNOWN) !== UNKNOWN;
  }

  /** @returns null where it was not looked up. @param id as it is asked for. */
  targetOf(id: string): ReferenceTarget | null {
    const target = this.#ids.indexOf(id);
    if (!this.knows(target)) return null;
    const found = this.#states[this.#stateOf[target] ?? MISSING] ?? null;
    if (found === null) return { kind: 'missing', id };
    const spelled = this.#spellings.get(target) ?? this.#ids.idAt(target);
    if (found.deleted) return { kind: 'deleted', id: spelled };
    const { diskFormat, containerFormat } = found;
    return { kind: 'live', id: spelled, diskFormat, containerFormat };
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

/** Whether two targets of one id are the same as far as a decision can tell. */
export function sameTarget(one: ReferenceTarget | null, other: ReferenceTarget | null): boolean {
  if (one === null || other === null) return one === other;
  const words = (target: ReferenceTarget): readonly unknown[] =>
    target.kind === 'live' ? [target.diskFormat, target.containerFormat] : [];
  return one.kind === other.kind && words(one).every((word, index) => word === words(other)[index]);
}
