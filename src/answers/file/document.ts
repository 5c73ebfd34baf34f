import { type Document, isMap, isScalar, isSeq } from 'yaml';
import { type ComposedText, composeText } from '../../yaml/yaml-tree.ts';
import type { AskedBy } from '../answer/answer.ts';
import { blockMap, fieldsOf, lineEnd, lineStart, nodeSpan, type Field } from './fields.ts';
import { factsSignature, type QuestionFacts, type QuestionsFacts } from './facts.ts';

const NO_FIELDS: ReadonlyMap<string, Field> = new Map();

/** A question and its place in the text. */
export interface QuestionEntry {
  readonly facts: QuestionFacts;
  /** What a person wrote, unchanged; null where empty. */
  readonly answer: string | null;
  readonly author: string | null;
  readonly date: string | null;
  readonly reason: string | null;
  readonly fields: ReadonlyMap<string, Field>;
  /** Blanks before its dash, and before its keys. */
  readonly dash: string;
  readonly indent: string;
  /** From the beginning of the first line to the end of the last, without its line break. */
  readonly start: number;
  readonly end: number;
}

/**
 * A questions file that can be edited in place: every value with its place in the text. An edit makes a new document.
 */
export interface QuestionsDocument {
  readonly text: string;
  readonly eol: '\n' | '\r\n';
  /** Keys of the file. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Keys of `plan`; null for a file written by hand, without questions. */
  readonly planFields: ReadonlyMap<string, Field> | null;
  readonly plan: AskedBy | null;
  readonly signature: string | null;
  readonly questions: readonly QuestionEntry[];
  /** Answers to predicates and image ids. */
  readonly otherAnswers: number;
}

/**
 * Reads only what an edit needs. Whether the file is valid in every other way is checked by `readAnswers`.
 *
 * @param composed the same text, where it was composed already.
 * @returns null where the text is not laid out as lines of `key: value` with a dash for each question.
 */
export function parseQuestions(text: string, composed = composeText(text)): QuestionsDocument | null {
  const document = onlyDocument(composed);
  const root = document === null || document.errors.length > 0 ? null : blockMap(document.contents);
  if (root === null) return null;
  const fields = fieldsOf(root, text);
  const planMap = blockMap(fields.get('plan')?.node);
  if (planMap === null && fields.has('plan')) return null;
  const planFields = planMap === null ? null : fieldsOf(planMap, text);
  const questions = entriesOf(fields.get('questions')?.node ?? null, text);
  if (questions === null) return null;
  const others = fields.get('answers')?.node;
  return {
    text,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    fields,
    planFields,
    plan: planFields === null ? null : askedBy(planFields),
    signature: textOf(fields.get('signature')),
    questions,
    otherAnswers: isSeq(others) ? others.items.length : 0,
  };
}

/** The only document of a text; null where there are more, or where the text exceeds the bounds. */
function onlyDocument({ documents }: ComposedText): Document.Parsed | null {
  const [document, ...others] = documents;
  return document === undefined || others.length > 0 || 'beyond' in document ? null : document;
}

/** Everything that the signature covers; null for a file without questions. */
export function documentFacts({ plan, questions }: QuestionsDocument): QuestionsFacts | null {
  return plan === null ? null : { plan, questions: questions.map(({ facts }) => facts) };
}

/** The signature that the file should have; null for a file without questions. */
export function dueSignature(document: QuestionsDocument): string | null {
  const facts = documentFacts(document);
  return facts === null ? null : factsSignature(facts);
}

function entriesOf(node: unknown, text: string): readonly QuestionEntry[] | null {
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isSeq(node)) return null;
  const entries: QuestionEntry[] = [];
  for (const item of node.items) {
    const map = blockMap(item);
    const span = nodeSpan(item, text);
    if (map === null || span === null) return null;
    const start = lineStart(text, span[0]);
    // A dash with its first key on the next line would put the keys anywhere.
    const before = /^([ \t]*)-( +)$/.exec(text.slice(start, span[0]));
    if (before === null) return null;
    const fields = fieldsOf(map, text);
    entries.push({
      facts: questionFacts(fields, text),
      answer: textOf(fields.get('answer')),
      author: textOf(fields.get('author')),
      date: textOf(fields.get('date')),
      reason: textOf(fields.get('reason')),
      fields,
      dash: before[1] ?? '',
      indent: `${before[1] ?? ''} ${before[2] ?? ''}`,
      start,
      end: lineEnd(text, span[1]),
    });
  }
  return entries;
}

function questionFacts(fields: ReadonlyMap<string, Field>, text: string): QuestionFacts {
  return {
    id: textOf(fields.get('id')) ?? '',
    images: numberOf(fields.get('images')) ?? 0,
    imagesNow: numberOf(fields.get('images_now')),
    diskFormat: textOf(fields.get('disk_format')),
    containerFormat: textOf(fields.get('container_format')),
    status: textOf(fields.get('status')) ?? '',
    rule: textOf(fields.get('rule')) ?? '',
    why: wholeText(fields.get('why')?.node) ?? '',
    candidates: itemsOf(fields.get('candidates')).map((item) => wholeText(item) ?? ''),
    evidence: itemsOf(fields.get('evidence')).map((item) => wholeText(item) ?? ''),
    samples: itemsOf(fields.get('samples')).map((item) => {
      const sample = isMap(item) ? fieldsOf(item, text) : NO_FIELDS;
      return { id: wholeText(sample.get('id')?.node) ?? '', name: wholeText(sample.get('name')?.node) };
    }),
  };
}

function askedBy(fields: ReadonlyMap<string, Field>): AskedBy {
  return {
    createdAt: textOf(fields.get('created_at')) ?? '',
    database: textOf(fields.get('database')) ?? '',
    rulesDigest: textOf(fields.get('rules_digest')) ?? '',
    toolVersion: textOf(fields.get('tool_version')) ?? '',
    images: numberOf(fields.get('images')) ?? 0,
    undecided: numberOf(fields.get('undecided')) ?? 0,
  };
}

function itemsOf(field: Field | undefined): readonly unknown[] {
  return isSeq(field?.node) ? field.node.items : [];
}

function textOf(field: Field | undefined): string | null {
  const text = wholeText(field?.node);
  return text === null || text.trim() === '' ? null : text;
}

function wholeText(node: unknown): string | null {
  if (!isScalar(node)) return null;
  const { value, source } = node;
  if (typeof value === 'string') return value;
  // A number is what was typed: 1.0 is not 1.
  return value === null ? null : (source ?? null);
}

function numberOf(field: Field | undefined): number | null {
  return isScalar(field?.node) && typeof field.node.value === 'number' ? field.node.value : null;
}
