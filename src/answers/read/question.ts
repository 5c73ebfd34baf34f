import type { Problem } from '../../model/error.ts';
import { describe, type Entries, oneOrMany, readMap } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import type { Answer, AskedBy } from '../answer/answer.ts';
import type { QuestionFacts } from '../file/facts.ts';
import { readClassificationWords } from '../answer/words.ts';
import { type AnswerSource, readNotes } from './answer.ts';
import { ANSWER_KEYS, FACT_KEYS } from '../file/block.ts';
import { isNothing } from './line.ts';
import { readAnswerValue } from './answer-value.ts';

const QUESTION_KEYS: readonly string[] = [...FACT_KEYS, ...ANSWER_KEYS];
const PLAN_KEYS = ['created_at', 'database', 'rules_digest', 'tool_version', 'images', 'undecided'];
/** Ids are made by the tool: `raw-bare-3fa2c19d`. */
const ID = /^[a-z\d-]{1,64}$/;
const ADVICE = 'plan writes it: bring the file up to date with plan --questions, which keeps the answers';

export interface ReadQuestion {
  /** Each value exactly as in the file, for the signature. */
  readonly facts: QuestionFacts;
  readonly place: string;
  readonly answer: Answer | null;
}

/** One question; null, after a problem, where any part of it is broken. */
export function readQuestion(node: Located, { shown, problems }: AnswerSource): ReadQuestion | null {
  const before = problems.length;
  const entries = readMap(node, QUESTION_KEYS, problems);
  if (node.kind !== 'map') return null;
  const facts = readFacts(node, entries, problems);
  const given = entries.get('answer');
  const value = given === undefined || isNothing(given) ? null : readAnswerValue(given, facts.candidates, problems);
  const notes = readNotes(entries, problems);
  if (problems.length > before) return null;
  if (given === undefined || value === null) return { facts, place: node.place, answer: null };
  const to = { kind: 'question', question: facts.id, written: facts.images } as const;
  return { facts, place: node.place, answer: { id: facts.id, place: `${shown}:${given.line}`, to, value, ...notes } };
}

/** The plan that asked; null, after a problem, where any part of it is broken. */
export function readAskedBy(node: Located, problems: Problem[]): AskedBy | null {
  const before = problems.length;
  const entries = readMap(node, PLAN_KEYS, problems);
  const text = (key: string): string => wordAt(entries, key, node, problems);
  const plan: AskedBy = {
    createdAt: text('created_at'),
    database: text('database'),
    rulesDigest: text('rules_digest'),
    toolVersion: text('tool_version'),
    images: countAt(entries, 'images', node, problems),
    undecided: countAt(entries, 'undecided', node, problems),
  };
  return problems.length === before ? plan : null;
}

function readFacts(node: Located, entries: Entries, problems: Problem[]): QuestionFacts {
  const id = wordAt(entries, 'id', node, problems);
  if (id !== '' && !ID.test(id)) refuse(entries.get('id') ?? node, 'the id of a question', problems);
  const candidates = itemsAt(entries, 'candidates').map((item) => {
    const text = textOf(item) ?? '';
    if (readClassificationWords(text) === null)
      refuse(item, 'a candidate: TYPE/CONTAINER, or TYPE/CONTAINER in ENVELOPE', problems);
    return text;
  });
  return {
    id,
    images: countAt(entries, 'images', node, problems),
    imagesNow: entries.has('images_now') ? countAt(entries, 'images_now', node, problems) : null,
    diskFormat: wordOf(entries.get('disk_format')),
    containerFormat: wordOf(entries.get('container_format')),
    status: wordAt(entries, 'status', node, problems),
    rule: wordAt(entries, 'rule', node, problems),
    why: textOf(entries.get('why')) ?? '',
    candidates,
    evidence: itemsAt(entries, 'evidence').map((item) => textOf(item) ?? ''),
    samples: itemsAt(entries, 'samples').map((item) => {
      const sample = readMap(item, ['id', 'name'], problems);
      return { id: textOf(sample.get('id')) ?? '', name: textOf(sample.get('name')) };
    }),
  };
}

function itemsAt(entries: Entries, key: string): readonly Located[] {
  const node = entries.get(key);
  return node === undefined || isNothing(node) ? [] : oneOrMany(node);
}

function wordAt(entries: Entries, key: string, owner: Located, problems: Problem[]): string {
  const text = wordOf(entries.get(key));
  if (text === null) refuse(entries.get(key) ?? owner, `the key ${key} with a text`, problems);
  return text ?? '';
}

function countAt(entries: Entries, key: string, owner: Located, problems: Problem[]): number {
  const node = entries.get(key);
  const value = node?.kind === 'scalar' ? node.value : null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  refuse(node ?? owner, `the key ${key} with a whole number`, problems);
  return 0;
}

function refuse(node: Located, expected: string, problems: Problem[]): void {
  problems.push({ place: node.place, expected, found: describe(node), advice: ADVICE });
}

/** Reads a blank text as null, as the writer of the file does. */
function wordOf(node: Located | undefined): string | null {
  return isNothing(node) ? null : textOf(node);
}

function textOf(node: Located | undefined): string | null {
  return node?.kind === 'scalar' ? node.text : null;
}
