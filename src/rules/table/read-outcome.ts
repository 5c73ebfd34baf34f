import type { Problem } from '../../model/error.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import {
  CONTENT_ANSWERS,
  type ContainerRef,
  type ContentAnswer,
  type ContentThen,
  type Contradiction,
  CONTRADICTIONS,
  type EnvelopeRef,
  type OperatorThen,
  type TupleThen,
  type TypeRef,
  type VoteThen,
} from './rule-table.ts';
import { describe, type Entries, oneOrMany, readMap, readWord, readWords, wrong } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';

/** Readers of `then`, one for each kind of section. They check words and counts. Placeholders are checked later. */

const TYPE_REFS: readonly TypeRef[] = [...IMAGE_TYPES, '$disk', '$container', '$bexar_type'];
const CONTAINER_REFS: readonly ContainerRef[] = [...CONTAINER_TYPES, '$disk'];
const ENVELOPE_REFS: readonly Exclude<EnvelopeRef, null>[] = [...ENVELOPES, '$container'];

function required(node: Located, entries: Entries, key: string, problems: Problem[]): Located | undefined {
  const value = entries.get(key);
  if (value === undefined) {
    wrong(node, `the key ${key}`, `add ${key}`, problems, 'nothing');
  }
  return value;
}

function optionalWord<T extends string>(entries: Entries, key: string, allowed: readonly T[], problems: Problem[]) {
  const value = entries.get(key);
  return value === undefined ? null : readWord(value, allowed, problems);
}

/** `then: { status: X }` of rows whose outcome is always the same. */
export function readFixedThen(node: Located, status: string, problems: Problem[]): null {
  const value = required(node, readMap(node, ['status'], problems), 'status', problems);
  if (value !== undefined) readWord(value, [status], problems);
  return null;
}

export function readVoteThen(node: Located, problems: Problem[]): VoteThen {
  const entries = readMap(node, ['types', 'container', 'container_if_unsaid'], problems);
  const types = readWords(required(node, entries, 'types', problems), TYPE_REFS, problems);
  if (types.length === 0 && entries.has('types')) {
    wrong(node, 'at least one type', 'name the type voted for', problems, 'none');
  }
  return {
    types,
    container: optionalWord(entries, 'container', CONTAINER_TYPES, problems),
    containerIfUnsaid: optionalWord(entries, 'container_if_unsaid', CONTAINER_TYPES, problems),
  };
}

export function readOperatorThen(node: Located, problems: Problem[]): OperatorThen | null {
  const entries = readMap(node, ['status', 'type', 'container', 'envelope'], problems);
  const type = required(node, entries, 'type', problems);
  const container = required(node, entries, 'container', problems);
  if (type === undefined || container === undefined) return null;
  const typeRef = readWord(type, TYPE_REFS, problems);
  const containerRef = readWord(container, CONTAINER_REFS, problems);
  const status = optionalWord(entries, 'status', ['exact', 'inferred'], problems) ?? 'inferred';
  const envelope = optionalWord(entries, 'envelope', ENVELOPE_REFS, problems);
  return typeRef === null || containerRef === null
    ? null
    : { status, type: typeRef, container: containerRef, envelope };
}

export function readTupleThen(node: Located, problems: Problem[]): TupleThen | null {
  const keys = ['status', 'types', 'container', 'envelope', 'admits', 'exact_with', 'decided_by', 'open_containers'];
  const entries = readMap(node, keys, problems);
  const statusNode = required(node, entries, 'status', problems);
  if (statusNode === undefined) return null;
  const status = readWord(statusNode, ['exact', 'inferred', 'ambiguous', 'unmappable'], problems);
  if (status === null) return null;
  const then: TupleThen = {
    status,
    types: readWords(entries.get('types'), TYPE_REFS, problems),
    containers: readWords(entries.get('container'), CONTAINER_REFS, problems),
    envelope: optionalWord(entries, 'envelope', ENVELOPE_REFS, problems),
    admits: readWords(entries.get('admits'), IMAGE_TYPES, problems),
    exactWithOwnKernel: optionalWord(entries, 'exact_with', ['own_kernel'], problems) === null ? 'no' : 'yes',
    decidedBy: readWords(entries.get('decided_by'), ['references', 'properties'], problems),
    openContainers: readWords(entries.get('open_containers'), CONTAINER_TYPES, problems),
  };
  checkCounts(node, entries, then, problems);
  return then;
}

/** Checks the number of types: one for exact and inferred, two or more for ambiguous, at most one for unmappable. */
function checkCounts(node: Located, entries: Entries, then: TupleThen, problems: Problem[]): void {
  const written = (key: string) => {
    const value = entries.get(key);
    return value === undefined ? 0 : oneOrMany(value).length;
  };
  const types = written('types');
  const containers = written('container');
  const fault = (expected: string, found: string) =>
    problems.push({ place: node.place, expected, found, advice: 'correct the lists' });
  if (then.status === 'unmappable') {
    if (types > 1) fault('at most one type in an unmappable row', `${types} types`);
    if (containers > 0) fault('no container in an unmappable row', `${containers}`);
    if (then.openContainers.length === 0) fault('open_containers in an unmappable row', 'none');
    if (types === 0 && then.openContainers.length === 1) fault('two open_containers or more, or a type', 'one');
    return;
  }
  if (then.status === 'ambiguous' ? types < 2 : types !== 1) {
    fault(
      then.status === 'ambiguous' ? 'two types or more in an ambiguous row' : `one type in an ${then.status} row`,
      `${types}`,
    );
  }
  if (containers !== 1 && containers !== types)
    fault('one container, or one for each type', `${containers} for ${types}`);
  for (const key of ['decided_by', 'open_containers']) {
    if (entries.has(key)) fault(`${key} in unmappable rows only`, `${key} in an ${then.status} row`);
  }
}

/** The statuses that an answer may have; none if it keeps the status of the row. */
const STATUSES: Readonly<Record<ContentAnswer, readonly ('exact' | 'inferred' | 'ambiguous')[]>> = {
  row: [],
  content: ['exact', 'inferred'],
  chosen: ['inferred'],
  'row-then-content': ['ambiguous'],
  'content-then-row': ['ambiguous'],
  'row-then-other': ['ambiguous'],
  readings: ['ambiguous'],
  'without-declared': ['ambiguous'],
  named: ['inferred', 'ambiguous'],
};

/** Reads `then` of a `content` row: an answer, its status, and for `named` the types and their container. */
export function readContentThen(node: Located, problems: Problem[]): ContentThen | null {
  const entries = readMap(node, ['answer', 'status', 'types', 'container'], problems);
  const fault = (expected: string, found: string) =>
    problems.push({ place: node.place, expected, found, advice: 'correct the outcome' });
  const answerNode = entries.get('answer');
  if (answerNode === undefined) {
    fault('the key answer', 'nothing');
    return null;
  }
  const answer = readWord(answerNode, CONTENT_ANSWERS, problems);
  if (answer === null) return null;
  const statusNode = entries.get('status');
  const allowed = STATUSES[answer];
  if (statusNode === undefined ? allowed.length > 0 : allowed.length === 0) {
    fault(
      `${allowed.length === 0 ? 'no status' : `status ${allowed.join(' or ')}`} with answer ${answer}`,
      describe(statusNode),
    );
    return null;
  }
  const status = statusNode === undefined ? null : readWord(statusNode, allowed, problems);
  const types = readWords(entries.get('types'), IMAGE_TYPES, problems);
  const container = optionalWord(entries, 'container', CONTAINER_TYPES, problems);
  if (answer === 'named') {
    const fine = status === 'ambiguous' ? new Set(types).size >= 2 : types.length === 1;
    if (!fine) fault(status === 'ambiguous' ? 'two types or more' : 'one type', `${types.length}`);
    if (!entries.has('container')) fault('the key container', 'nothing');
  } else if (entries.has('types') || entries.has('container')) {
    fault('types and container with answer named only', `answer ${answer}`);
  }
  return { answer, status, types, container };
}

export function readContradiction(when: Located, problems: Problem[]): Contradiction | null {
  const value = required(when, readMap(when, ['between'], problems), 'between', problems);
  if (value === undefined) return null;
  if (value.kind === 'scalar') return readWord(value, CONTRADICTIONS, problems);
  wrong(value, `one of ${CONTRADICTIONS.join(', ')}`, 'name one', problems);
  return null;
}
