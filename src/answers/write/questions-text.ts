import type { YamlSource } from '../../yaml/yaml-tree.ts';
import { planValues, questionBlock, type FactKey, FACT_KEYS, factsOf, factValue } from '../file/block.ts';
import { dueSignature, parseQuestions, type QuestionEntry, type QuestionsDocument } from '../file/document.ts';
import { notEditable, sealed } from '../file/edit.ts';
import type { QuestionFacts } from '../file/facts.ts';
import { addField, breakBefore, keptComments, lineStart, removeField, setValue } from '../file/fields.ts';
import { BEYOND_MARK, beyondLine } from './header.ts';
import { listable, newQuestionsText, planText, type PlanQuestions } from './new.ts';
import type { Splice } from '../file/splice.ts';
import { composeAnswers, readAnswers } from '../read/answers.ts';

/**
 * Writes a new questions file for a plan, or brings an existing one up to date in place. An update keeps everything
 * that a person wrote, to the character: answers, comments, blank lines, order. Counts, evidence and samples become
 * the plan's. New questions are added at the end, biggest first. Questions without an answer that the plan does not
 * ask are removed. An answered question keeps the number of images that it was answered for, and gets `images_now`
 * where the plan counts another number.
 *
 * Facts that were changed by hand are corrected; an answered question then gets the smaller of the two numbers of
 * images.
 *
 * @throws RetypeError DECISIONS_FILE where the existing file is broken; the caller leaves it as it is.
 */
export function questionsText(before: YamlSource | null, wanted: PlanQuestions): string {
  if (before === null) return newQuestionsText(wanted);
  const plan = listable(wanted);
  const document = checked(before);
  const seal = document.signature === dueSignature(document) ? 'whole' : 'broken';
  const asked = new Map(plan.questions.map((question) => [question.id, factsOf(question)]));
  const known = new Set(document.questions.map(({ facts }) => facts.id));
  const fresh = [...asked.values()].filter(({ id }) => !known.has(id));
  const kept = document.questions.filter((entry) => entry.answer !== null || asked.has(entry.facts.id));
  const due = kept.map((entry) => dueFacts(entry, asked.get(entry.facts.id) ?? null, plan.beyond, seal));
  const splices = [
    ...planSplices(document, plan),
    ...kept.flatMap((entry, index) => factSplices(document.text, entry, due[index] ?? entry.facts)),
    ...(kept.length + fresh.length === 0
      ? noQuestions(document)
      : [
          ...document.questions.filter((entry) => !kept.includes(entry)).map((entry) => removal(document.text, entry)),
          ...additions(document, fresh),
        ]),
    ...beyondSplices(document, plan.beyond),
  ];
  const ids = [...due, ...fresh].map(({ id }) => id).join();
  return sealed(document, splices, (made) => made.questions.map(({ facts }) => facts.id).join() === ids).document.text;
}

/** The document of a valid file. A wrong signature is accepted, because this plan replaces it. */
function checked(before: YamlSource): QuestionsDocument {
  const composed = composeAnswers(before.text);
  const document = composed === null ? null : parseQuestions(before.text, composed);
  readAnswers(before, { composed, signature: document === null ? null : dueSignature(document) });
  if (document === null) throw notEditable(before.path);
  return document;
}

function dueFacts(
  entry: QuestionEntry,
  asked: QuestionFacts | null,
  beyond: number,
  seal: 'whole' | 'broken',
): QuestionFacts {
  if (entry.answer === null) return asked ?? entry.facts;
  // A question may be asked and not be listed, where the plan has more groups than it counts separately.
  if (asked === null && beyond > 0) return entry.facts;
  const now = asked?.images ?? 0;
  const images = seal === 'whole' ? entry.facts.images : Math.min(entry.facts.images, now);
  return {
    ...(asked ?? entry.facts),
    // An answer by number refers to this order.
    candidates: entry.facts.candidates,
    images,
    imagesNow: images === now ? null : now,
  };
}

function factSplices(text: string, entry: QuestionEntry, due: QuestionFacts): readonly Splice[] {
  return FACT_KEYS.flatMap((key) => {
    if (same(entry.facts, due, key)) return [];
    const field = entry.fields.get(key);
    if (key === 'images_now' && due.imagesNow === null)
      return field === undefined ? [] : [removeField(text, field, entry.indent)];
    const value = factValue(due, key, entry.indent);
    if (field !== undefined) return [setValue(text, field, value, entry.indent)];
    const first = entry.fields.get('images') ?? entry.fields.get('id');
    return first === undefined ? [] : [addField(text, first, `${key}:${value}`, entry.indent)];
  });
}

function same(facts: QuestionFacts, due: QuestionFacts, key: FactKey): boolean {
  if (key === 'images_now') return facts.imagesNow === due.imagesNow;
  return factValue(facts, key, '') === factValue(due, key, '');
}

/** Removes all lines of a question and the break before them; its comments stay. */
function removal(text: string, { start, end, dash }: QuestionEntry): Splice {
  const before = breakBefore(text, start);
  // One of the blank lines around it is removed too.
  const blank = lineStart(text, before);
  const from = blank > 0 && text.slice(blank, before).trim() === '' ? breakBefore(text, blank) : before;
  return { start: from, end, text: keptComments(text, start, end, dash) };
}

function additions(document: QuestionsDocument, fresh: readonly QuestionFacts[]): readonly Splice[] {
  if (fresh.length === 0) return [];
  const last = document.questions.at(-1);
  const dash = last?.dash ?? '  ';
  const blocks = fresh.map((facts) => questionBlock(facts, dash));
  if (last !== undefined) {
    return [{ start: last.end, end: last.end, text: blocks.map((block) => `\n\n${block}`).join('') }];
  }
  const field = document.fields.get('questions');
  if (field !== undefined) return [setValue(document.text, field, `\n${blocks.join('\n\n')}`, '')];
  const end = document.text.length;
  return [{ start: end, end, text: `\nquestions:\n${blocks.join('\n\n')}\n` }];
}

/** Writes an empty list, which says that nothing is asked; a missing list could be a mistake. */
function noQuestions({ text, fields, questions }: QuestionsDocument): readonly Splice[] {
  const field = fields.get('questions');
  const last = questions.at(-1);
  if (field === undefined) return [{ start: text.length, end: text.length, text: '\nquestions: []\n' }];
  if (last === undefined) return field.node === null ? [setValue(text, field, ' []', '')] : [];
  const comments = keptComments(text, field.colonEnd, last.end, last.dash);
  return [{ start: field.colonEnd, end: last.end, text: ` []${comments}` }];
}

function planSplices(document: QuestionsDocument, plan: PlanQuestions): readonly Splice[] {
  const { text, planFields } = document;
  if (planFields === null) {
    // A file written by hand becomes one with questions.
    const end = text.length;
    const kind = document.fields.has('glance_retype_questions') ? '' : 'glance_retype_questions: 1\n';
    const signed = 'signature: none\n';
    return [{ start: end, end, text: `${/\n$|^$/.test(text) ? '' : '\n'}\n${kind}${planText(plan.askedBy)}${signed}` }];
  }
  return planValues(plan.askedBy).flatMap(([key, value]) => {
    const field = planFields.get(key);
    return field === undefined ? [] : [setValue(text, field, ` ${value}`, '  ')];
  });
}

function beyondSplices({ text, fields }: QuestionsDocument, beyond: number): readonly Splice[] {
  const found = new RegExp(`^${BEYOND_MARK}.*$`, 'm').exec(text);
  if (found !== null) {
    const end = found.index + found[0].length;
    return beyond > 0
      ? [{ start: found.index, end, text: beyondLine(beyond) }]
      : [{ start: breakBefore(text, found.index), end, text: '' }];
  }
  const at = fields.get('questions')?.keyStart;
  return beyond > 0 && at !== undefined ? [{ start: at, end: at, text: `${beyondLine(beyond)}\n` }] : [];
}
