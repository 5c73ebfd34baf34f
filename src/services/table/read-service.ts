import type { ReleaseRange } from '../condition/condition.ts';
import type { Problem } from '../../model/error.ts';
import { type Entries, readList, readMap, readText, readWords, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import type { Scope } from './read-condition.ts';
import { optional, readFlag, required } from './read-inspector.ts';
import { DATES, readRange } from './read-range.ts';
import { checkText } from './read-text.ts';
import type { Inspector, Option, Service, Step } from './service-table.ts';

const KEYS = [
  'title',
  'source',
  'payloads',
  'stores',
  'boots',
  'chunks',
  'inspector',
  'not_inspected',
  'combinations',
  'steps',
  'options',
];
const OPTION_KEYS = ['option', 'value', 'skips', 'accepts', 'forgives', ...DATES];
/** The key that says what a step does, and the keys that go with it. */
const KINDS = {
  inspects: ['layer', 'crash', 'forgives'],
  refuses: ['check', 'why'],
  undecided: ['why'],
} as const;
const KIND_NAMES = ['inspects', 'refuses', 'undecided'] as const;

export function readService(
  key: string,
  node: Located,
  inspectors: ReadonlyMap<string, Inspector>,
  scope: Scope,
  problems: Problem[],
): Service {
  const entries = readMap(node, KEYS, problems);
  const uses = readInspectorUses(entries.get('inspector'), node, inspectors, scope, problems);
  const used = uses.flatMap((use) => inspectors.get(use.inspector) ?? []);
  const formats = [...new Set(used.flatMap((one) => [...one.formats.map((format) => format.name), one.otherwise]))];
  const checks = new Set(
    used.flatMap((one) => one.formats.flatMap((format) => format.checks.map((check) => check.name))),
  );
  const own: Scope = { ...scope, values: { ...scope.values, detected: formats, 'guest.detected': formats } };
  const steps = readList(entries.get('steps'), problems).flatMap((item) => readStep(item, checks, own, problems) ?? []);
  if (steps.length === 0) wrong(node, 'at least one step', 'add steps', problems, 'none');
  const payloads = entries.get('payloads');
  return {
    key,
    title: readText(entries.get('title'), node.place, 'a title', problems) ?? key,
    source: readText(entries.get('source'), node.place, 'a source', problems) ?? '',
    payloads: payloads === undefined ? ['bytes'] : readWords(payloads, ['bytes', 'volumes'], problems),
    chunks: readWords(entries.get('chunks'), ['small', 'large'], problems)[0] ?? 'small',
    stores: readFlag(entries.get('stores'), problems),
    boots: readFlag(entries.get('boots'), problems),
    inspectors: uses,
    notInspected: readList(entries.get('not_inspected'), problems).map((item) => {
      const row = readMap(item, ['when', 'why'], problems);
      checkText(row.get('why'), item, own, problems);
      return required(row, 'when', item, own, problems);
    }),
    combinations: readList(entries.get('combinations'), problems).map((item) => {
      const row = readMap(item, ['formats', 'counts_as', 'when', ...DATES], problems);
      const names = readWords(row.get('formats'), formats, problems);
      const [countsAs = ''] = readWords(row.get('counts_as'), formats, problems);
      if (names.length < 2) wrong(item, 'two formats or more', 'name them under formats', problems, names.join(', '));
      if (!names.includes(countsAs))
        wrong(item, `counts_as, one of ${names.join(', ')}`, 'correct it', problems, countsAs);
      return {
        formats: names,
        countsAs,
        when: optional(row, 'when', own, problems),
        releases: readRange(row, scope.releases, problems),
      };
    }),
    steps,
    options: readList(entries.get('options'), problems).map((item) => readOption(item, steps, checks, own, problems)),
  };
}

/** One name for all releases, or a list of names with dates that cover each release once. */
function readInspectorUses(
  node: Located | undefined,
  parent: Located,
  inspectors: ReadonlyMap<string, Inspector>,
  scope: Scope,
  problems: Problem[],
): Service['inspectors'] {
  const names = [...inspectors.keys()];
  if (node === undefined) {
    wrong(parent, 'the key inspector', `name one of ${names.join(', ')}`, problems, 'nothing');
    return [];
  }
  const all: ReleaseRange = { first: 0, last: scope.releases.length - 1 };
  if (node.kind === 'scalar')
    return readWords(node, names, problems).map((inspector) => ({ inspector, releases: all }));
  const uses = readList(node, problems).flatMap((item) => {
    const row = readMap(item, ['use', ...DATES], problems);
    const releases = readRange(row, scope.releases, problems);
    return readWords(row.get('use'), names, problems).map((inspector) => ({ inspector, releases }));
  });
  for (const [at, release] of scope.releases.entries()) {
    const count = uses.filter(({ releases }) => at >= releases.first && at <= releases.last).length;
    if (count !== 1)
      wrong(node, 'one inspector for each release', 'correct the dates', problems, `${count} for ${release}`);
  }
  return uses;
}

function readStep(node: Located, checks: ReadonlySet<string>, scope: Scope, problems: Problem[]): Step | null {
  const all = ['step', 'when', ...DATES, ...KIND_NAMES, ...new Set(KIND_NAMES.flatMap((kind) => [...KINDS[kind]]))];
  const entries = readMap(node, all, problems);
  const name = readText(entries.get('step'), node.place, 'the name of the step', problems);
  const kinds = KIND_NAMES.filter((kind) => entries.has(kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1 || name === null) {
    wrong(
      node,
      `one of ${KIND_NAMES.join(', ')}`,
      'say what the step does',
      problems,
      kinds.join(', ') || 'none of them',
    );
    return null;
  }
  for (const other of KIND_NAMES.flatMap((candidate) => [...KINDS[candidate]])) {
    const allowed: readonly string[] = KINDS[kind];
    const value = entries.get(other);
    if (value !== undefined && !allowed.includes(other)) {
      wrong(value, `no ${other} beside ${kind}`, 'remove it', problems, other);
    }
  }
  const common = {
    name,
    releases: readRange(entries, scope.releases, problems),
    when: optional(entries, 'when', scope, problems),
  };
  if (kind === 'inspects') return { ...common, ...readInspection(entries, node, checks, scope, problems) };
  const condition = required(entries, kind, node, scope, problems);
  const why = checkText(entries.get('why'), node, scope, problems);
  if (kind === 'undecided') return { ...common, kind, condition, why };
  const check = entries.get('check');
  const own = check === undefined ? name : readText(check, node.place, 'the name of the check', problems);
  return { ...common, kind, condition, check: own ?? name, why };
}

function readInspection(
  entries: Entries,
  node: Located,
  checks: ReadonlySet<string>,
  scope: Scope,
  problems: Problem[],
) {
  const one = <T extends string>(key: string, words: readonly [T, ...T[]]): T =>
    readWords(entries.get(key), words, problems)[0] ?? words[0];
  const kind = one('inspects', ['formats', 'complete', 'safety']);
  const layer = one('layer', ['file', 'guest']);
  const only = (key: string, of: string) => {
    if (entries.has(key) && kind !== of) wrong(node, `${key} beside inspects: ${of} only`, 'remove it', problems, kind);
  };
  only('crash', 'formats');
  only('forgives', 'safety');
  if (kind === 'formats') return { kind, layer, crash: one('crash', ['refuses', 'accepts']) };
  if (kind === 'complete') return { kind, layer };
  const forgives = readList(entries.get('forgives'), problems).map((item) => {
    const row = readMap(item, ['checks', ...DATES], problems);
    return {
      checks: readWords(row.get('checks'), [...checks], problems),
      releases: readRange(row, scope.releases, problems),
    };
  });
  return { kind, layer, forgives };
}

function readOption(
  node: Located,
  steps: readonly Step[],
  checks: ReadonlySet<string>,
  scope: Scope,
  problems: Problem[],
): Option {
  const entries = readMap(node, OPTION_KEYS, problems);
  const names = [...new Set(steps.map((step) => step.name))];
  const option = readText(entries.get('option'), node.place, '[section]name', problems) ?? '';
  if (!/^\[\w+\]\w+$/u.test(option)) wrong(node, '[section]name', 'name the option', problems, option);
  const read = {
    skips: readWords(entries.get('skips'), names, problems),
    accepts: readWords(entries.get('accepts'), names, problems),
    forgives: readWords(entries.get('forgives'), [...checks], problems),
  };
  if (Object.values(read).every((list) => list.length === 0)) {
    wrong(node, 'skips, accepts or forgives', 'say what the option changes', problems, 'none of them');
  }
  return {
    option,
    value: checkText(entries.get('value'), node, scope, problems),
    ...read,
    releases: readRange(entries, scope.releases, problems),
  };
}
