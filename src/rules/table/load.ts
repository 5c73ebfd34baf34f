import { createHash } from 'node:crypto';
import { type Problem, RetypeError } from '../../model/error.ts';
import { type Attribute, domainsOf } from './attribute.ts';
import { checkComplete, checkContent, checkPlaceholders, checkReachable } from './check-rows.ts';
import { type Contradiction, CONTRADICTIONS, type Row, type VoteThen, type RuleTable } from './rule-table.ts';
import { type Entries, readMap } from '../../yaml/read-node.ts';
import {
  readContentThen,
  readContradiction,
  readFixedThen,
  readOperatorThen,
  readTupleThen,
  readVoteThen,
} from './read-outcome.ts';
import { readSection, type SectionShape } from './read-section.ts';
import { readVocabulary } from './read-vocabulary.ts';
import { operatorClassification, resolveType, tupleClassifications } from './resolve.ts';
import type { RuleSource } from './rule-files.ts';
import { canonicalText, type Located, parseTree } from '../../yaml/yaml-tree.ts';

const SHIPPED_KEYS = [
  'vocabulary',
  'groups',
  'aliases',
  'not_applicable',
  'content',
  'references',
  'properties',
  'contradictions',
  'tuples',
];
const OPERATOR_KEYS = ['aliases', 'rows'];

const ROW_ATTRIBUTES: readonly Attribute[] = ['row', 'status', 'size', 'block_devices', 'image_state'];
const EVIDENCE_ATTRIBUTES: readonly Attribute[] = [
  'disk',
  'container',
  'own_kernel',
  'img_type',
  'bexar_type',
  'snapshot',
  'encryption_key',
];

const CONTENT_ATTRIBUTES: readonly Attribute[] = [
  'content',
  'content_container',
  'content_tuple',
  'content_declared',
  'content_readings',
  'content_reference',
  'content_row',
  'content_safety',
  'encryption_key',
];

interface ParsedFile {
  readonly source: RuleSource;
  readonly tree: Located;
  readonly entries: Entries;
}

/**
 * Reads, checks and joins rules files: the shipped table, and any number of operator's files, whose rows come before it
 * in the order given.
 * @throws RetypeError RULES_FILE with every problem of every file, each with its line.
 */
export function loadRules(sources: readonly RuleSource[]): RuleTable {
  const problems: Problem[] = [];
  const files = sources.flatMap((source) => parseFile(source, problems));
  const shippedFiles = files.filter((file) => file.source.origin === 'shipped');
  const [shipped] = shippedFiles;
  if (shipped === undefined || shippedFiles.length > 1) {
    problems.push({
      place: sources.map((source) => source.path).join(', '),
      expected: 'exactly one shipped table',
      found: `${shippedFiles.length}`,
      advice: 'give your own rules with aliases and rows only',
    });
  }
  const table = shipped === undefined ? null : readTable(files, shipped, problems);
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('RULES_FILE', [first, ...rest]);
  if (table === null) throw new Error('a rules table without problems was not read');
  return table;
}

function parseFile(source: RuleSource, problems: Problem[]): readonly ParsedFile[] {
  const tree = parseTree(source, problems);
  if (tree === null) return [];
  const keys = source.origin === 'shipped' ? SHIPPED_KEYS : OPERATOR_KEYS;
  return [{ source, tree, entries: readMap(tree, keys, problems) }];
}

function readTable(files: readonly ParsedFile[], shipped: ParsedFile, problems: Problem[]): RuleTable {
  const aliases = files.map((file) => file.entries.get('aliases')).filter((node) => node !== undefined);
  const vocabulary = readVocabulary(shipped.entries, aliases, problems);
  const domains = domainsOf(vocabulary.disk.words.keys(), vocabulary.container.words.keys());
  const context = { domains, vocabulary, problems, ids: new Map<string, string>() };
  const section = <Then>(key: string, attributes: readonly Attribute[], readThen: SectionShape<Then>['readThen']) =>
    readSection(shipped.entries.get(key), { attributes, extraKeys: ['findings'], readThen }, context);

  const ownAttributes: readonly Attribute[] = [...EVIDENCE_ATTRIBUTES, 'used_as', 'size', 'content'];
  const own = { attributes: ownAttributes, extraKeys: [], readThen: readOperatorThen };
  const operator = files
    .filter((file) => file.source.origin === 'operator')
    .flatMap((file) => readSection(file.entries.get('rows'), own, context));
  const notApplicable = section('not_applicable', ROW_ATTRIBUTES, (node, problems) =>
    readFixedThen(node, 'not-applicable', problems),
  );
  const content = section('content', CONTENT_ATTRIBUTES, readContentThen);
  const references = section('references', ['used_as'], readVoteThen);
  const properties = section('properties', EVIDENCE_ATTRIBUTES, readVoteThen);
  const contradictions = readContradictions(shipped, context);
  const tuples = section('tuples', EVIDENCE_ATTRIBUTES, readTupleThen);

  for (const rows of [operator, notApplicable, content, references, properties, tuples]) {
    checkReachable(rows, domains, problems);
  }
  checkPlaceholders(
    operator,
    domains,
    (then, facts) => operatorClassification(then, facts, vocabulary) !== null,
    problems,
  );
  for (const rows of [references, properties]) {
    const resolves = (then: VoteThen, facts: Parameters<typeof resolveType>[1]) =>
      then.types.every((type) => resolveType(type, facts, vocabulary) !== null);
    checkPlaceholders(rows, domains, resolves, problems);
  }
  checkPlaceholders(tuples, domains, (then, facts) => tupleClassifications(then, facts, vocabulary) !== null, problems);
  // A row that could not be read leaves tuples without an outcome. Reporting these as well would hide the cause.
  if (problems.length === 0) {
    const place = shipped.entries.get('tuples')?.place ?? shipped.source.path;
    checkComplete(tuples, domains, vocabulary, place, problems);
    checkContent(content, domains, shipped.entries.get('content')?.place ?? shipped.source.path, problems);
  }
  const digest = createHash('sha256')
    .update(files.map((file) => `${file.source.origin} ${canonicalText(file.tree)}\n`).join(''))
    .digest('hex');
  return {
    digest,
    vocabulary,
    domains,
    notApplicable,
    operator,
    content,
    references,
    properties,
    contradictions,
    tuples,
  };
}

function readContradictions(
  shipped: ParsedFile,
  context: Parameters<typeof readSection>[2],
): ReadonlyMap<Contradiction, Row<null>> {
  const found = new Map<Contradiction, Row<null>>();
  const kinds: (Contradiction | null)[] = [];
  const rows = readSection(
    shipped.entries.get('contradictions'),
    {
      attributes: [],
      extraKeys: ['findings'],
      readThen: (node, problems) => readFixedThen(node, 'ambiguous', problems),
      readWhen: (node, problems) => {
        const before = problems.length;
        const kind = readContradiction(node, problems);
        if (problems.length === before) kinds.push(kind);
        return new Map();
      },
    },
    context,
  );
  for (const [i, row] of rows.entries()) {
    const kind = kinds[i];
    if (kind !== null && kind !== undefined) found.set(kind, row);
  }
  const missing = CONTRADICTIONS.filter((kind) => !found.has(kind));
  if (missing.length > 0) {
    context.problems.push({
      place: shipped.entries.get('contradictions')?.place ?? shipped.source.path,
      expected: `one row for each of ${CONTRADICTIONS.join(', ')}`,
      found: `none for ${missing.join(', ')}`,
      advice: 'add the row',
    });
  }
  return found;
}
