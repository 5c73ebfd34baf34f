import { ATTRIBUTES, type Attribute, type FactValue } from '../condition/condition.ts';
import { type Problem, RetypeError } from '../../model/error.ts';
import { type FactName, INSPECTION_FACTS } from '../../model/inspection.ts';
import { type Entries, readList, readMap, readOpenMap, readText, readWord, wrong } from '../../yaml/read-node.ts';
import { type Located, parseTree } from '../../yaml/yaml-tree.ts';
import { checkReachable } from './check-reachable.ts';
import { namedDiskFormats } from './named-words.ts';
import type { Scope } from './read-condition.ts';
import { optional, readInspectors, required } from './read-inspector.ts';
import { readService } from './read-service.ts';
import type { ServicesSource } from './service-files.ts';
import type { Backend, ConversionRemedy, Release, ServiceTable, WordRemedy } from './service-table.ts';

const KEYS = ['releases', 'backends', 'inspectors', 'services', 'remedies'];
const RELEASE_NAME = /^(\d{4})\.([12])$/u;

/**
 * Reads and checks a table of services. What can never have an effect is looked for in an operator's table only.
 * @throws RetypeError SERVICES_FILE with every problem of the file, each with its line.
 */
export function loadServices(source: ServicesSource): ServiceTable {
  const problems: Problem[] = [];
  const tree = parseTree(source, problems);
  const table = tree === null ? null : readTable(readMap(tree, KEYS, problems), source, problems);
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('SERVICES_FILE', [first, ...rest]);
  if (table === null) throw new Error('a table of services without problems was not read');
  return table;
}

function readTable(entries: Entries, { path, origin }: ServicesSource, problems: Problem[]): ServiceTable {
  const releases = readReleases(entries.get('releases'), path, problems);
  const backends = readBackends(entries.get('backends'), path, problems);
  const names = releases.map((release) => release.name);
  const inspected: Scope = { releases: names, attributes: ['chunks'], facts: 'inspected', values: {}, read: [] };
  const inspectors = readInspectors(entries.get('inspectors'), inspected, problems);
  const attributes = Object.keys(ATTRIBUTES) as Attribute[];
  const values = { backend: backends.map((backend) => backend.name) };
  const scope: Scope = { releases: names, attributes, facts: 'file', values, read: [] };
  const services = new Map(
    [...readOpenMap(entries.get('services'), problems)].map(([key, node]) => [
      key,
      readService(key, node, inspectors, scope, problems),
    ]),
  );
  if (services.size === 0) missing(entries.get('services'), path, 'services', problems);
  const remedies = entries.get('remedies');
  const parts: Entries = remedies === undefined ? new Map() : readMap(remedies, ['words', 'conversions'], problems);
  const table = {
    releases,
    backends,
    inspectors,
    services,
    words: readList(parts.get('words'), problems).map((node) => readWordRemedy(node, scope, problems)),
    conversions: readList(parts.get('conversions'), problems).map((node) => readConversion(node, scope, problems)),
  };
  if (problems.length === 0 && origin === 'operator')
    checkReachable(table, [...inspected.read, ...scope.read], path, problems);
  return { ...table, diskFormats: namedDiskFormats(table) };
}

function missing(node: Located | undefined, path: string, what: string, problems: Problem[]): void {
  problems.push({ place: node?.place ?? path, expected: what, found: 'none', advice: `add ${what}` });
}

function readReleases(node: Located | undefined, path: string, problems: Problem[]): readonly Release[] {
  const releases: Release[] = [];
  for (const item of readList(node, problems)) {
    const entries = readMap(item, ['name', 'alias'], problems);
    const named = entries.get('name');
    const name = named?.kind === 'scalar' ? (named.text ?? '') : '';
    if (!RELEASE_NAME.test(name)) {
      wrong(named ?? item, 'the year, a full stop, and 1 or 2', 'write it as the other releases', problems);
      continue;
    }
    const last = releases.at(-1)?.name;
    if (last !== undefined && last >= name) {
      wrong(item, `a release after ${last}`, 'put the releases in order, oldest first', problems, name);
    }
    const alias = entries.get('alias');
    const text = alias === undefined ? null : readText(alias, item.place, 'a code name', problems);
    releases.push({ name, alias: text?.toLowerCase() ?? null });
  }
  if (releases.length === 0) missing(node, path, 'releases', problems);
  return releases;
}

function readBackends(node: Located | undefined, path: string, problems: Problem[]): readonly Backend[] {
  const backends = [...readOpenMap(node, problems)].map(([name, item]) => ({
    name,
    title: readText(item, item.place, 'a title', problems) ?? name,
  }));
  if (backends.length === 0) missing(node, path, 'backends', problems);
  return backends;
}

function readWordRemedy(node: Located, scope: Scope, problems: Problem[]): WordRemedy {
  const entries = readMap(node, ['word', 'means', 'container', 'when'], problems);
  const word = readText(entries.get('word'), node.place, 'a disk_format', problems) ?? '';
  const means = readList(entries.get('means'), problems).flatMap(
    (item) => readText(item, item.place, 'a format', problems) ?? [],
  );
  const container = entries.get('container');
  return {
    word,
    means: means.length > 0 ? means : [word],
    container: container === undefined ? null : readText(container, node.place, 'a container_format', problems),
    when: optional(entries, 'when', scope, problems),
  };
}

function readConversion(node: Located, scope: Scope, problems: Problem[]): ConversionRemedy {
  const entries = readMap(node, ['to', 'when', 'writes'], problems);
  const writes = entries.get('writes');
  return {
    to: readText(entries.get('to'), node.place, 'a disk_format', problems) ?? '',
    when: required(entries, 'when', node, scope, problems),
    writes: writes === undefined ? null : readFacts(writes, problems),
  };
}

function readFacts(node: Located, problems: Problem[]): ReadonlyMap<FactName, FactValue> {
  const names = Object.keys(INSPECTION_FACTS) as FactName[];
  const entries = readMap(node, names, problems);
  const facts = new Map<FactName, FactValue>();
  for (const name of names) {
    const value = entries.get(name);
    if (value === undefined) continue;
    const shape = INSPECTION_FACTS[name];
    if (shape.kind === 'word') {
      const word = readWord<string>(value, shape.words, problems);
      if (word !== null) facts.set(name, word);
    } else if (value.kind === 'scalar' && typeof value.value === (shape.kind === 'flag' ? 'boolean' : 'number')) {
      facts.set(name, value.value as FactValue);
    } else wrong(value, shape.kind === 'flag' ? 'true or false' : 'a number', 'use a value of the fact', problems);
  }
  return facts;
}
