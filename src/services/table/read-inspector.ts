import type { Condition } from '../condition/condition.ts';
import type { Problem } from '../../model/error.ts';
import { type Entries, readMap, readOpenMap, readText, readWord, readWords, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import { readCondition, type Scope } from './read-condition.ts';
import { DATES, readRange } from './read-range.ts';
import { checkText } from './read-text.ts';
import type { Check, Format, Inspector } from './service-table.ts';

const KEYS = ['title', 'source', 'several', 'otherwise', 'crashes', 'like', 'formats'];
const FORMAT_KEYS = ['matches', 'incomplete', 'checks', ...DATES];
const CHECK_KEYS = ['fails', 'dangerous', 'why', ...DATES];

export function readInspectors(
  node: Located | undefined,
  scope: Scope,
  problems: Problem[],
): ReadonlyMap<string, Inspector> {
  const inspectors = new Map<string, Inspector>();
  for (const [name, item] of readOpenMap(node, problems))
    inspectors.set(name, readInspector(name, item, inspectors, scope, problems));
  return inspectors;
}

function readInspector(
  name: string,
  node: Located,
  earlier: ReadonlyMap<string, Inspector>,
  scope: Scope,
  problems: Problem[],
): Inspector {
  const entries = readMap(node, KEYS, problems);
  readText(entries.get('title'), node.place, 'a title', problems);
  readText(entries.get('source'), node.place, 'a source', problems);
  const several = entries.get('several');
  const like = readWords(entries.get('like'), [...earlier.keys()], problems);
  const formats = [...readOpenMap(entries.get('formats'), problems)].map(([format, item]) =>
    readFormat(format, item, scope, problems),
  );
  const all = [...like.flatMap((other) => earlier.get(other)?.formats ?? []), ...formats];
  if (all.length === 0) wrong(node, 'formats', 'name the formats that it recognises', problems, 'none');
  return {
    name,
    several: (several === undefined ? null : readWord(several, ['refuse', 'first', 'declared'], problems)) ?? 'refuse',
    otherwise: readText(entries.get('otherwise'), node.place, 'the format of whatever matches nothing', problems) ?? '',
    crashes: optional(entries, 'crashes', scope, problems),
    formats: all,
  };
}

function readFormat(name: string, node: Located, scope: Scope, problems: Problem[]): Format {
  const entries = readMap(node, FORMAT_KEYS, problems);
  return {
    name,
    releases: readRange(entries, scope.releases, problems),
    matches: required(entries, 'matches', node, scope, problems),
    incomplete: optional(entries, 'incomplete', scope, problems),
    checks: [...readOpenMap(entries.get('checks'), problems)].map(([check, item]): Check => {
      const keys = readMap(item, CHECK_KEYS, problems);
      return {
        name: check,
        releases: readRange(keys, scope.releases, problems),
        fails: required(keys, 'fails', item, scope, problems),
        dangerous: readFlag(keys.get('dangerous'), problems),
        why: checkText(keys.get('why'), item, scope, problems),
      };
    }),
  };
}

/** Reads the condition of an entry that must have one. */
export function required(entries: Entries, key: string, node: Located, scope: Scope, problems: Problem[]): Condition {
  const condition = optional(entries, key, scope, problems);
  if (condition !== null) return condition;
  wrong(node, `the key ${key}`, `add ${key}, a condition`, problems, 'nothing');
  return { kind: 'all', parts: [] };
}

/** Reads the condition of an entry; null if it has none. */
export function optional(entries: Entries, key: string, scope: Scope, problems: Problem[]): Condition | null {
  const node = entries.get(key);
  if (node === undefined) return null;
  const condition = readCondition(node, scope, problems);
  scope.read.push({ place: node.place, condition });
  return condition;
}

/** Reads true or false; left out, false. */
export function readFlag(node: Located | undefined, problems: Problem[]): boolean {
  if (node === undefined) return false;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  wrong(node, 'true or false', 'write true, or remove the key', problems);
  return false;
}
