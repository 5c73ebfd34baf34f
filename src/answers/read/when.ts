import type { Problem } from '../../model/error.ts';
import { foldFormat } from '../../model/fold-word.ts';
import { describe, oneOrMany, readMap, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import type { Predicate, SizeRange } from '../answer/answer.ts';
import { readLine, readText } from './line.ts';
import { readSizeRange, SIZE_RANGE_FORMS } from '../answer/size-range.ts';

const KEYS = ['disk_format', 'container_format', 'owner', 'name', 'property', 'size', 'evidence'];

/** `image_properties.name` and `images.owner` hold 255 characters in every release. */
const NAME_LENGTH = 255;
/** As many characters of a property as are read. */
const PATTERN_LENGTH = 1_024;

/**
 * Conditions, lists sorted and without repeats, so that equal ones are equal; null, after a problem, where any is
 * broken.
 */
export function readWhen(node: Located, problems: Problem[]): Predicate | null {
  const before = problems.length;
  const entries = readMap(node, KEYS, problems);
  const get = <T>(key: string, read: (value: Located) => T): T | null => {
    const value = entries.get(key);
    return value === undefined ? null : read(value);
  };
  const when: Predicate = {
    diskFormats: get('disk_format', (value) => readFormats(value, problems)),
    containerFormats: get('container_format', (value) => readFormats(value, problems)),
    owners: get('owner', (value) => readOwners(value, problems)),
    names: get('name', (value) => readPatterns(value, problems)),
    properties: get('property', (value) => readProperties(value, problems)) ?? [],
    size: get('size', (value) => readSize(value, problems)),
    evidence: get('evidence', (value) => readEvidence(value, problems)),
  };
  if (problems.length === before && entries.size === 0) {
    problems.push({
      place: node.place,
      expected: `at least one of ${KEYS.join(', ')}`,
      found: 'no condition at all',
      advice: 'say which images are meant; an answer to every image is none',
    });
  }
  return problems.length === before ? when : null;
}

function readFormats(node: Located, problems: Problem[]): readonly (string | null)[] {
  return distinct(items(node, problems).map((item) => (isNull(item) ? null : foldFormat(wordOf(item, problems)))));
}

function readOwners(node: Located, problems: Problem[]): readonly (string | null)[] {
  return distinct(items(node, problems).map((item) => (isNull(item) ? null : wordOf(item, problems))));
}

function wordOf(item: Located, problems: Problem[]): string | null {
  return readText(item, { what: 'a word, or null', longest: NAME_LENGTH }, problems);
}

function readPatterns(node: Located, problems: Problem[]): readonly string[] {
  const wanted = { what: 'a text in which * is any characters and ? is one', longest: PATTERN_LENGTH };
  return distinct(items(node, problems).map((item) => readText(item, wanted, problems) ?? ''));
}

function readProperties(node: Located, problems: Problem[]): Predicate['properties'] {
  if (node.kind !== 'map' || node.entries.size === 0) {
    problems.push({
      place: node.place,
      expected: 'a map from names of properties to patterns',
      found: node.kind === 'map' ? 'an empty map' : describe(node),
      advice: 'write property: { os_type: linux }; a name without a pattern asks whether the property exists',
    });
    return [];
  }
  return [...node.entries]
    .map(([name, value]) => {
      const key: Located = { kind: 'scalar', place: value.place, line: value.line, value: name, text: name };
      readLine(key, { what: 'the name of a property', longest: NAME_LENGTH }, problems);
      return { name, patterns: isNull(value) ? null : readPatterns(value, problems) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readSize(node: Located, problems: Problem[]): SizeRange | null {
  const range = node.kind === 'scalar' && node.text !== null ? readSizeRange(node.text) : null;
  if (range === null) {
    problems.push({ place: node.place, expected: SIZE_RANGE_FORMS, found: describe(node), advice: 'correct the size' });
  }
  return range;
}

function readEvidence(node: Located, problems: Problem[]): 'none' | null {
  if (node.kind === 'scalar' && node.text === 'none') return 'none';
  wrong(
    node,
    'none: nothing but the tuple speaks about the image',
    'write evidence: none, or take the condition out',
    problems,
  );
  return null;
}

/** One value or several; none at all would never hold. */
function items(node: Located, problems: Problem[]): readonly Located[] {
  const found = oneOrMany(node);
  if (found.length === 0) {
    wrong(node, 'at least one value', 'add a value, or take the condition out', problems, 'an empty list');
  }
  return found;
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.text === null;
}

function distinct<T extends string | null>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].toSorted((a, b) => compare(a ?? '', b ?? '') || Number(b === null) - Number(a === null));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
