/** Words of 32 bits of a uuid. */
const WORDS = 4;
const FIRST_CAPACITY = 1_024;

/**
 * Numbers ids in the order they are added, from 0 on, in a fraction of what a Map of texts takes: 16 bytes for a canonical uuid and about 12
 * for finding it again. Any other text is held as it is.
 */
export class IdTable {
  #keys = new Uint32Array(FIRST_CAPACITY * WORDS);
  /** Entry number plus one by hash, 0 where there is none; always a power of two, at most half full. */
  #slots = new Int32Array(FIRST_CAPACITY * 2);
  #size = 0;
  readonly #numberOfText = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #scratch = new Uint32Array(WORDS);
  /** Users may choose the ids of their images: without a secret they could choose ids that all fall into one slot. */
  readonly #seed = (Math.random() * 0x1_0000_0000) >>> 0;

  get size(): number {
    return this.#size;
  }

  /** Ids that are no canonical uuid, each held as a text. */
  get texts(): number {
    return this.#texts.size;
  }

  /** The number of an id; -1 where it was not added. */
  indexOf(id: string): number {
    return parseUuid(id, this.#scratch) ? this.#find(this.#scratch, 0) : (this.#numberOfText.get(id) ?? -1);
  }

  /** The number that an id has here which has the number `index` in another table; -1 where it was not added here. */
  indexOfOther(other: IdTable, index: number): number {
    const text = other.#texts.get(index);
    return text === undefined ? this.#find(other.#keys, index * WORDS) : (this.#numberOfText.get(text) ?? -1);
  }

  /** @returns the number of the id, old or new. */
  add(id: string): number {
    const canonical = parseUuid(id, this.#scratch);
    const known = canonical ? this.#find(this.#scratch, 0) : (this.#numberOfText.get(id) ?? -1);
    if (known >= 0) return known;
    if (this.#size * WORDS === this.#keys.length) this.#grow();
    const entry = this.#size;
    this.#size += 1;
    if (canonical) {
      this.#keys.set(this.#scratch, entry * WORDS);
      this.#place(entry);
    } else {
      this.#numberOfText.set(id, entry);
      this.#texts.set(entry, id);
    }
    return entry;
  }

  /** The id of a number below `size`. */
  idAt(index: number): string {
    return this.#texts.get(index) ?? uuidText(this.#keys, index * WORDS);
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
    const larger = new Uint32Array(this.#keys.length * 2);
    larger.set(this.#keys);
    this.#keys = larger;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#size; entry += 1) if (!this.#texts.has(entry)) this.#place(entry);
  }
}

const DASH = 45;

/** Value of a hexadecimal digit as Python's uuid4 and Glance write it: lower case. 16 for all other characters below 128. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : 16;
});

/** Reads a uuid in the canonical spelling, with dashes; false for any other text. */
function parseUuid(text: string, into: Uint32Array): boolean {
  if (text.length !== 36) return false;
  let strange = (text.charCodeAt(8) ^ DASH) | (text.charCodeAt(13) ^ DASH);
  strange |= (text.charCodeAt(18) ^ DASH) | (text.charCodeAt(23) ^ DASH);
  if (strange !== 0) return false;
  const first = half(text, 0) * 0x1_0000 + half(text, 4);
  const second = half(text, 9) * 0x1_0000 + half(text, 14);
  const third = half(text, 19) * 0x1_0000 + half(text, 24);
  const fourth = half(text, 28) * 0x1_0000 + half(text, 32);
  // NaN of any half is NaN of the sum.
  if (Number.isNaN(first + second + third + fourth)) return false;
  into[0] = first;
  into[1] = second;
  into[2] = third;
  into[3] = fourth;
  return true;
}

/** Four digits; NaN where one of them is none. */
function half(text: string, at: number): number {
  const a = DIGITS[text.charCodeAt(at)] ?? 16;
  const b = DIGITS[text.charCodeAt(at + 1)] ?? 16;
  const c = DIGITS[text.charCodeAt(at + 2)] ?? 16;
  const d = DIGITS[text.charCodeAt(at + 3)] ?? 16;
  return (a | b | c | d) > 15 ? Number.NaN : (a << 12) | (b << 8) | (c << 4) | d;
}

function uuidText(keys: Uint32Array, at: number): string {
  const hex = Array.from(keys.subarray(at, at + WORDS), (word) => word.toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
