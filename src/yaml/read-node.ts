import type { Problem } from '../model/error.ts';
import type { Located } from './yaml-tree.ts';

/** Readers of single YAML nodes. Each adds what is wrong to `problems` and returns what can still be used. */

export type Entries = ReadonlyMap<string, Located>;

const NOTHING: Entries = new Map();

export function describe(node: Located | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  return node.value === null ? 'nothing (null)' : JSON.stringify(node.value);
}

/** Adds a problem with the value at `node`. */
export function wrong(
  node: Located,
  expected: string,
  advice: string,
  problems: Problem[],
  found: string = describe(node),
): void {
  problems.push({ place: node.place, expected, found, advice });
}

/** A map with no other keys than `keys`. */
export function readMap(node: Located, keys: readonly string[], problems: Problem[]): Entries {
  if (node.kind !== 'map') {
    wrong(node, `a map with ${keys.join(', ')}`, 'write key: value pairs', problems);
    return NOTHING;
  }
  for (const [key, value] of node.entries) {
    if (!keys.includes(key)) {
      wrong(value, `one of the keys ${keys.join(', ')}`, 'remove the key or correct its spelling', problems, key);
    }
  }
  return node.entries;
}

/** A map with free keys. Absent or null: empty. */
export function readOpenMap(node: Located | undefined, problems: Problem[]): Entries {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return NOTHING;
  if (node.kind === 'map') return node.entries;
  wrong(node, 'a map of words', 'write word: meaning', problems);
  return NOTHING;
}

/** A list. Absent or null: empty. */
export function readList(node: Located | undefined, problems: Problem[]): readonly Located[] {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind === 'list') return node.items;
  wrong(node, 'a list of rows', 'begin each row with a dash', problems);
  return [];
}

/** One value or a list of values, as the list of its nodes. */
export function oneOrMany(node: Located): readonly Located[] {
  return node.kind === 'list' ? node.items : [node];
}

/** A non-blank line of text; null where there is none. */
export function readText(node: Located | undefined, place: string, what: string, problems: Problem[]): string | null {
  if (node?.kind === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '') return node.value.trim();
  problems.push({
    place: node?.place ?? place,
    expected: what,
    found: describe(node),
    advice: 'add it; reports quote it to the operator',
  });
  return null;
}

/** One word out of `allowed`; null where it is none of them. A YAML null reads as the word NULL. */
export function readWord<T extends string>(node: Located, allowed: readonly T[], problems: Problem[]): T | null {
  const text = node.kind === 'scalar' ? (node.value === null ? 'NULL' : String(node.value)) : null;
  const word = allowed.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  wrong(node, `one of ${allowed.join(', ')}`, 'use a word of the vocabulary', problems);
  return null;
}

export function readWords<T extends string>(
  node: Located | undefined,
  allowed: readonly T[],
  problems: Problem[],
): readonly T[] {
  if (node === undefined) return [];
  return oneOrMany(node)
    .map((item) => readWord(item, allowed, problems))
    .filter((word) => word !== null);
}
