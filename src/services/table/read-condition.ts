import {
  ATTRIBUTES,
  type Attribute,
  type Condition,
  DECLARED,
  type FactTest,
  type FactValue,
} from '../condition/condition.ts';
import type { Problem } from '../../model/error.ts';
import { type FactName, INSPECTION_FACTS } from '../../model/inspection.ts';
import { describe, oneOrMany, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import { readRange, type ReleaseNames } from './read-range.ts';

/** What the conditions of one place may name. */
export interface Scope {
  readonly releases: ReleaseNames;
  readonly attributes: readonly Attribute[];
  /** `inspected`: facts are those of whatever layer the inspector looks at, and no other layer can be named. */
  readonly facts: 'inspected' | 'file';
  /** Every condition of an entry, with its place: filled while the file is read. */
  readonly read: { readonly place: string; readonly condition: Condition }[];
  /** Fixed values of attributes that the table itself defines. */
  readonly values: Readonly<Partial<Record<Attribute, readonly string[]>>>;
}

const GUEST = 'guest.';
const YES_NO = ['true', 'false'];
const FIXED: Readonly<Partial<Record<Attribute, readonly string[]>>> = {
  use: ['root', 'boot-part'],
  payload: ['bytes', 'volumes'],
  matches: ['one', 'several'],
  chunks: ['small', 'large'],
  guest: ['read', 'unread', 'none'],
  inspectable: YES_NO,
};

/**
 * Reads a condition: a map whose keys must all hold. A key is a fact, `guest.` and a fact, an attribute, `from` and
 * `until` (releases, inclusive), `unsettled` (a clause), `all` and `any` (lists of conditions), `not` (a condition).
 */
export function readCondition(node: Located, scope: Scope, problems: Problem[]): Condition {
  if (node.kind !== 'map' || node.entries.size === 0) {
    wrong(node, 'a map of facts, attributes, all, any, not, from, until', 'name what must hold', problems);
    return { kind: 'all', parts: [] };
  }
  const parts: Condition[] = [];
  if (node.entries.has('from') || node.entries.has('until')) {
    parts.push({ kind: 'releases', range: readRange(node.entries, scope.releases, problems) });
  }
  for (const [key, value] of node.entries) {
    if (key === 'from' || key === 'until') continue;
    const part = readPart(key, value, scope, problems);
    if (part !== null) parts.push(part);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', parts };
}

function readPart(key: string, node: Located, scope: Scope, problems: Problem[]): Condition | null {
  if (key === 'not') return { kind: 'not', part: readCondition(node, scope, problems) };
  if (key === 'all' || key === 'any') {
    if (node.kind === 'list' && node.items.length > 0) {
      return { kind: key, parts: node.items.map((item) => readCondition(item, scope, problems)) };
    }
    wrong(node, 'a list of conditions', 'begin each condition with a dash', problems);
    return null;
  }
  if (key === 'unsettled') {
    if (node.kind === 'scalar' && typeof node.value === 'string') return { kind: 'unsettled', why: node.value };
    wrong(node, 'one clause', 'say on what it depends', problems);
    return null;
  }
  const attribute = scope.attributes.find((candidate) => candidate === key);
  if (attribute !== undefined) return readAttribute(attribute, node, scope, problems);
  const ofGuest = scope.facts === 'file' && key.startsWith(GUEST);
  const name = ofGuest ? key.slice(GUEST.length) : key;
  if (isFact(name)) return readFact(ofGuest ? 'guest' : scope.facts, name, node, problems);
  const known = [...scope.attributes, ...Object.keys(INSPECTION_FACTS), 'all', 'any', 'not', 'from', 'until'];
  wrong(node, `one of ${known.join(', ')}`, 'correct the name of the fact or attribute', problems, key);
  return null;
}

function isFact(name: string): name is FactName {
  return Object.hasOwn(INSPECTION_FACTS, name);
}

function readAttribute(attribute: Attribute, node: Located, scope: Scope, problems: Problem[]): Condition {
  const allowed = new Set<string>();
  const known = scope.values[attribute] ?? FIXED[attribute];
  for (const item of oneOrMany(node)) {
    const word = item.kind === 'scalar' && item.value !== null ? item.text : null;
    const relative = (attribute === 'detected' || attribute === 'guest.detected') && word === DECLARED;
    if (word !== null && (relative || known === undefined || known.includes(word))) allowed.add(word);
    else
      wrong(
        item,
        known === undefined ? ATTRIBUTES[attribute] : `one of ${known.join(', ')}`,
        'use a known value',
        problems,
      );
  }
  if (allowed.size === 0 && node.kind === 'list' && node.items.length === 0) {
    wrong(node, 'at least one value', 'leave the attribute out if it may be anything', problems, 'an empty list');
  }
  return { kind: 'attribute', attribute, allowed };
}

function readFact(
  layer: 'inspected' | 'file' | 'guest',
  fact: FactName,
  node: Located,
  problems: Problem[],
): Condition | null {
  const test =
    INSPECTION_FACTS[fact].kind === 'number' && node.kind === 'map'
      ? readBounds(node, problems)
      : readValues(fact, node, problems);
  return test === null ? null : { kind: 'fact', layer, fact, test };
}

function readBounds(node: Located & { readonly kind: 'map' }, problems: Problem[]): FactTest | null {
  const bound = (key: string): number | null => {
    const value = node.entries.get(key);
    if (value === undefined) return null;
    if (value.kind === 'scalar' && typeof value.value === 'number' && Number.isSafeInteger(value.value))
      return value.value;
    wrong(value, 'a whole number', 'write a number', problems);
    return null;
  };
  const [atLeast, below] = [bound('at_least'), bound('below')];
  const others = [...node.entries.keys()].filter((key) => key !== 'at_least' && key !== 'below');
  if (others.length > 0 || (atLeast === null && below === null)) {
    wrong(node, 'at_least, below, or both', 'correct the key', problems, others.join(', ') || 'neither');
    return null;
  }
  if (atLeast !== null && below !== null && atLeast >= below) {
    wrong(node, 'a range with a number in it', 'below is exclusive', problems, `from ${atLeast} to below ${below}`);
    return null;
  }
  return { kind: 'range', atLeast, below };
}

function readValues(fact: FactName, node: Located, problems: Problem[]): FactTest | null {
  const shape = INSPECTION_FACTS[fact];
  const allowed = new Set<FactValue>();
  for (const item of oneOrMany(node)) {
    const value = item.kind === 'scalar' ? item.value : null;
    if (shape.kind === 'word') {
      const words: readonly string[] = shape.words;
      if (typeof value === 'string' && (words.includes(value) || value === DECLARED)) allowed.add(value);
      else wrong(item, `one of ${words.join(', ')}`, 'use a value of the fact', problems);
    } else if (shape.kind === 'flag') {
      if (typeof value === 'boolean') allowed.add(value);
      else wrong(item, 'true or false', 'use a value of the fact', problems);
    } else if (typeof value === 'number' && Number.isSafeInteger(value)) allowed.add(value);
    else wrong(item, 'a whole number, or at_least and below', 'use a value of the fact', problems, describe(item));
  }
  return allowed.size === 0 ? null : { kind: 'values', allowed };
}
