import { grown, type IdTable } from '../references/id-table.ts';
import { ownText } from '../../model/own-text.ts';
import type { ImageProperties, PropertyLife } from './properties.ts';

/**
 * What a property means to the rules: the same text for all values of the same meaning; empty where it means nothing.
 * The rules floor, which this floor does not know, provides it.
 */
export type PropertyMeaning = (name: string, value: string | null) => string;

/** Distinct sets held, some hundred bytes each; a deployment has some hundred. Images beyond the limit are left out. */
const MOST_SETS = 20_000;
/**
 * Distinct meanings of single properties; images with others are left out. Together with the sets, they number a step
 * in 31 bits.
 */
const MOST_MEANINGS = 50_000;
/** Ids held that are not canonical uuids; about 100 bytes each. */
const MOST_TEXTS = 100_000;

const NO_SET = 0;
const APART = 0xffff_ffff;
const NOTHING: ImageProperties = { live: null, lost: null };

/**
 * The properties of all images, by meaning: each distinct set once, and eight bytes an image besides its id. Reading a
 * whole table in its own order costs the server a third of looking up the rows of every image (measured on MariaDB with
 * 926,000 properties).
 *
 * Images are named by their numbers in a table of ids.
 */
export class PropertyCache {
  readonly #ids: IdTable;
  readonly #meaning: PropertyMeaning;
  #setOf = new Uint32Array(1_024);
  /**
   * A digest of what the properties of each image mean, in any order: it shows a change in an image that is left out.
   */
  #textsOf = new Uint32Array(1_024);
  readonly #sets: ImageProperties[] = [NOTHING];
  readonly #meanings: Readonly<Record<PropertyLife, Map<string, Map<string, number>>>> = {
    live: new Map<string, Map<string, number>>(),
    lost: new Map<string, Map<string, number>>(),
  };
  /** The digest of each meaning, by its number. */
  readonly #digests: number[] = [];
  /** The set that results from adding a meaning to a set, by both numbers. */
  readonly #steps = new Map<number, number>();

  constructor(ids: IdTable, meaning: PropertyMeaning) {
    this.#ids = ids;
    this.#meaning = meaning;
  }

  /** `full`: more memory than allowed would be needed; the cache is of no use then. */
  get state(): 'open' | 'full' {
    return this.#ids.texts > MOST_TEXTS ? 'full' : 'open';
  }

  /** @param means what the property means, where that is not the meaning of its text. */
  add(
    image: number,
    life: PropertyLife,
    name: string,
    value: string | null,
    means: string = this.#meaning(name, value),
  ): void {
    if (means === '') return;
    const set = this.#setOf[image] ?? NO_SET;
    const number = this.#numberOf(life, name, means);
    if (number !== null) this.#note(image, this.#digests[number] ?? 0);
    if (set === APART) return;
    const step = number === null ? null : set * MOST_MEANINGS + number;
    const next = step === null ? APART : (this.#steps.get(step) ?? this.#newSet(set, step, life, [name, value]));
    this.#put(image, next);
  }

  /**
   * Leaves an image out: its properties must be read separately, because their texts matter.
   * @param text what matters, with the name of its property; once for each property.
   */
  leaveOut(image: number, text: string): void {
    this.#put(image, APART);
    this.#note(image, digestOf(text));
  }

  /**
   * The properties of an image: `apart` where they must be read separately; null where it has none that mean anything.
   */
  of(image: number): ImageProperties | 'apart' | null {
    const set = image < 0 ? NO_SET : (this.#setOf[image] ?? NO_SET);
    if (set === NO_SET) return null;
    return set === APART ? 'apart' : (this.#sets[set] ?? null);
  }

  /**
   * Yields ids of images whose properties mean something else in another cache. Compares digests of images that both
   * caches left out; an image that only one of them left out counts as different.
   */
  *differing(other: PropertyCache): Generator<string> {
    const verdicts = new Map<number, boolean>();
    for (let entry = 0; entry < this.#ids.size; entry += 1) {
      const own = this.#setOf[entry] ?? NO_SET;
      const theirEntry = other.#ids.indexOfOther(this.#ids, entry);
      const theirs = theirEntry < 0 ? NO_SET : (other.#setOf[theirEntry] ?? NO_SET);
      if (own === APART || theirs === APART) {
        if (own !== theirs || (this.#textsOf[entry] ?? 0) !== (other.#textsOf[theirEntry] ?? 0))
          yield this.#ids.idAt(entry);
        continue;
      }
      const pair = own * MOST_SETS + theirs;
      let same = verdicts.get(pair);
      if (same === undefined) {
        same = this.#meansTheSame(this.#sets[own] ?? NOTHING, other.#sets[theirs] ?? NOTHING);
        verdicts.set(pair, same);
      }
      if (!same) yield this.#ids.idAt(entry);
    }
  }

  #put(image: number, set: number): void {
    if (image >= this.#setOf.length) this.#setOf = grown(this.#setOf, image);
    this.#setOf[image] = set;
  }

  #note(image: number, digest: number): void {
    if (image >= this.#textsOf.length) this.#textsOf = grown(this.#textsOf, image);
    this.#textsOf[image] = (this.#textsOf[image] ?? 0) ^ digest;
  }

  #numberOf(life: PropertyLife, name: string, means: string): number | null {
    let ofName = this.#meanings[life].get(name);
    const known = ofName?.get(means);
    if (known !== undefined) return known;
    if (this.#digests.length >= MOST_MEANINGS) return null;
    if (ofName === undefined) {
      ofName = new Map();
      this.#meanings[life].set(name, ofName);
    }
    const made = this.#digests.length;
    this.#digests.push(digestOf(`${life} ${name} ${means}`));
    ofName.set(ownText(means), made);
    return made;
  }

  #newSet(old: number, step: number, life: PropertyLife, [name, value]: readonly [string, string | null]): number {
    const made = this.#sets.length;
    if (made >= MOST_SETS) return APART;
    const before = this.#sets[old] ?? NOTHING;
    this.#sets.push({
      ...before,
      [life]: new Map([...(before[life] ?? []), [name, value === null ? null : ownText(value)]]),
    });
    this.#steps.set(step, made);
    return made;
  }

  #meansTheSame(one: ImageProperties, other: ImageProperties): boolean {
    return (['live', 'lost'] as const).every((life) => {
      const [own, theirs] = [one[life] ?? new Map<string, null>(), other[life] ?? new Map<string, null>()];
      if (own.size !== theirs.size) return false;
      return [...own].every(
        ([name, value]) =>
          theirs.has(name) && this.#meaning(name, value) === this.#meaning(name, theirs.get(name) ?? null),
      );
    });
  }
}

/** FNV-1a over the units of a text, 32 bits: shows a change, and nothing else depends on it. */
function digestOf(text: string): number {
  let digest = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) digest = Math.imul(digest ^ text.charCodeAt(at), 0x01000193);
  return digest;
}
