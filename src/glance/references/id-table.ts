import { ownText } from '../../model/own-text.ts';
import type { GlanceSchema } from '../tables/schema.ts';

const WORDS = 4;
const FIRST_CAPACITY = 1_024;

/**
 * Numbers ids in the order in which they are added, from 0, in a fraction of the memory of a Map of texts: 16 bytes for
 * a canonical uuid and about 12 for finding it again. Any other text is stored as it is. Where the database takes two
 * ids that differ only by case for the same (`case-insensitive`), so does the table, and it returns them in lower case.
 */
export class IdTable {
  #keys = new Uint32Array(FIRST_CAPACITY * WORDS);
  /** Entry number plus one by hash, 0 for none; the size is always a power of two, and at most half is used. */
  #slots = new Int32Array(FIRST_CAPACITY * 2);
  #size = 0;
  readonly #numberOfText = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #scratch = new Uint32Array(WORDS);
  /** Users may choose the ids of their images: without a secret they could choose ids that all hash to one slot. */
  readonly #seed = (Math.random() * 0x1_0000_0000) >>> 0;
  readonly #comparison: GlanceSchema['idComparison'];
  readonly #digits: Uint8Array;

  constructor(comparison: GlanceSchema['idComparison']) {
    this.#comparison = comparison;
    this.#digits = comparison === 'exact' ? LOWER_DIGITS : ALL_DIGITS;
  }

  get size(): number {
    return this.#size;
  }

  /** Number of ids that are not canonical uuids, each stored as a text. */
  get texts(): number {
    return this.#texts.size;
  }

  /** The number of an id; -1 where it was not added. */
  indexOf(id: string): number {
    if (parseUuid(id, this.#digits, this.#scratch)) return this.#find(this.#scratch, 0);
    return this.#texts.size === 0 ? -1 : (this.#numberOfText.get(this.#folded(id)) ?? -1);
  }

  /** Translates the number `index` of another table into this one; -1 where the id was not added here. */
  indexOfOther(other: IdTable, index: number): number {
    const text = other.#texts.get(index);
    return text === undefined ? this.#find(other.#keys, index * WORDS) : (this.#numberOfText.get(text) ?? -1);
  }

  /** Adds an id. @returns its number, old or new. */
  add(id: string): number {
    const canonical = parseUuid(id, this.#digits, this.#scratch);
    const text = canonical ? '' : this.#folded(id);
    const known = canonical ? this.#find(this.#scratch, 0) : (this.#numberOfText.get(text) ?? -1);
    if (known >= 0) return known;
    if (this.#size * WORDS === this.#keys.length) this.#grow();
    const entry = this.#size;
    this.#size += 1;
    if (canonical) {
      this.#keys.set(this.#scratch, entry * WORDS);
      this.#place(entry);
    } else {
      const own = ownText(text);
      this.#numberOfText.set(own, entry);
      this.#texts.set(entry, own);
    }
    return entry;
  }

  /** The id of a number below `size`. */
  idAt(index: number): string {
    return this.#texts.get(index) ?? uuidText(this.#keys, index * WORDS);
  }

  #folded(id: string): string {
    return this.#comparison === 'exact' ? id : id.toLowerCase();
  }

  #slotOf(words: Uint32Array, at: number): number {
    let hash = Math.imul((words[at] ?? 0) ^ this.#seed, 0x9e37_79b1);
    hash = Math.imul((hash ^ (hash >>> 15)) + (words[at + 1] ?? 0), 0x85eb_ca6b);
    hash = Math.imul((hash ^ (hash >>> 13)) + (words[at + 2] ?? 0), 0xc2b2_ae35);
    hash = Math.imul((hash ^ (hash >>> 16)) + (words[at + 3] ?? 0), 0x27d4_eb2f);
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1);
  }

  #find(words: Uint32Array, at: number): number {
    const keys = this.#keys;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = this.#slotOf(words, at); ; slot = (slot + 1) & mask) {
      const entry = (slots[slot] ?? 0) - 1;
      if (entry < 0) return -1;
      const own = entry * WORDS;
      const same = keys[own] === words[at] && keys[own + 1] === words[at + 1];
      if (same && keys[own + 2] === words[at + 2] && keys[own + 3] === words[at + 3]) return entry;
    }
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#slotOf(this.#keys, entry * WORDS);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #grow(): void {
    this.#keys = grown(this.#keys);
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#size; entry += 1) if (!this.#texts.has(entry)) this.#place(entry);
  }
}

const DASH = 45;

/**
 * The value of a hexadecimal digit in lower case, as Python's uuid4 and Glance write it. 16 for all other characters
 * below 128.
 */
const LOWER_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => digitValue(code));
const ALL_DIGITS = Uint8Array.from({ length: 128 }, (_, code) =>
  digitValue(code >= 65 && code <= 70 ? code + 32 : code),
);

function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : 16;
}

/** Parses a uuid in the canonical spelling, with dashes; false for any other text. */
function parseUuid(text: string, digits: Uint8Array, into: Uint32Array): boolean {
  if (text.length !== 36) return false;
  let strange = (text.charCodeAt(8) ^ DASH) | (text.charCodeAt(13) ^ DASH);
  strange |= (text.charCodeAt(18) ^ DASH) | (text.charCodeAt(23) ^ DASH);
  if (strange !== 0) return false;
  const a = half(text, digits, 0);
  const b = half(text, digits, 4);
  const c = half(text, digits, 9);
  const d = half(text, digits, 14);
  const e = half(text, digits, 19);
  const f = half(text, digits, 24);
  const g = half(text, digits, 28);
  const h = half(text, digits, 32);
  if ((a | b | c | d | e | f | g | h) < 0) return false;
  into[0] = (a << 16) | b;
  into[1] = (c << 16) | d;
  into[2] = (e << 16) | f;
  into[3] = (g << 16) | h;
  return true;
}

function half(text: string, digits: Uint8Array, at: number): number {
  const a = digits[text.charCodeAt(at)] ?? 16;
  const b = digits[text.charCodeAt(at + 1)] ?? 16;
  const c = digits[text.charCodeAt(at + 2)] ?? 16;
  const d = digits[text.charCodeAt(at + 3)] ?? 16;
  return (a | b | c | d) > 15 ? -1 : (a << 12) | (b << 8) | (c << 4) | d;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function uuidText(keys: Uint32Array, at: number): string {
  const byte = (index: number): string =>
    BYTES[((keys[at + (index >> 2)] ?? 0) >>> (24 - 8 * (index & 3))) & 0xff] ?? '';
  const head = `${byte(0)}${byte(1)}${byte(2)}${byte(3)}-${byte(4)}${byte(5)}-${byte(6)}${byte(7)}`;
  return `${head}-${byte(8)}${byte(9)}-${byte(10)}${byte(11)}${byte(12)}${byte(13)}${byte(14)}${byte(15)}`;
}

/** Copies numbers into an array of at least twice the length that also has a place for `index`. */
export function grown(numbers: Uint32Array, index = 0): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(numbers.length * 2, index + 1));
  larger.set(numbers);
  return larger;
}
