import type { Classification } from '../../model/decision.ts';
import type { ContainerType, ImageType } from '../../model/vocabulary.ts';
import type { Facts } from '../table/attribute.ts';
import { firstMatch } from '../table/condition.ts';
import type { ContentThen, Row, RuleTable } from '../table/rule-table.ts';
import { distinctClassifications, sameClassification } from '../table/resolve.ts';
import type { Vocabulary } from '../table/word.ts';
import { classificationsOf, combine, type Combination, type Outcome, type TupleAnswer } from './combine.ts';
import { chosenBy, contentFacts, type ContentFacts, isFirm, isOldRamdisk, isRefuted, typesOf } from './content-fit.ts';
import { correctedTuple, correctedVotes, foundEnvelope, knownEnvelope } from './corrected-tuple.ts';
import type { ReadContent, SeenContent } from './seen-content.ts';

/** How the bytes changed the answer of the row. */
export interface AppliedContent {
  readonly outcome: Outcome;
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** The answer of the bytes; null where they name no type. */
  readonly found: Classification | null;
  readonly row: Row<ContentThen>;
  readonly facts: ContentFacts;
}

/** Applies the bytes of an image to its decision. The first `content` row that holds says how. */
export function applyContent(content: SeenContent, input: Combination, facts: Facts, table: RuleTable): AppliedContent {
  const without = combine(input);
  const corrected = correctedInput(input, content);
  const row = corrected === input ? without : combine(corrected);
  const readings = foundClassifications(content, {
    tuple: input.tuple,
    row: without,
    facts,
    vocabulary: table.vocabulary,
  });
  const [found = null] = readings;
  const compared = contentFacts({ content, facts, tuple: input.tuple, row, readings });
  const fired = firstMatch(table.content, { ...facts, ...compared });
  // The loader checks every value of every attribute, so one row always fires.
  if (fired === undefined) throw new Error(`no content row for ${facts.content}`);
  const outcome = contentAnswer(fired, { content, readings, without, row, input: corrected, compared });
  return { outcome, without, found, row: fired, facts: compared };
}

/** A firm type is an answer of its own and corrects nothing. */
function correctedInput(input: Combination, content: SeenContent): Combination {
  if (content.kind === 'unread' || isFirm(content)) return input;
  return { ...input, tuple: correctedTuple(input.tuple, content), votes: correctedVotes(input.votes, content) };
}

interface Declared {
  readonly tuple: TupleAnswer;
  /** What the row says without the bytes. */
  readonly row: Outcome;
  readonly facts: Facts;
  readonly vocabulary: Vocabulary;
}

/**
 * The answers of the bytes; none where they name no type. Where the same bytes allow several types, a declared type is
 * taken. If none is declared, all of them are returned, the likeliest first.
 */
function foundClassifications(content: SeenContent, declared: Declared): readonly Classification[] {
  if (content.kind === 'unread' || content.containerType === null) return [];
  const { containerType } = content;
  const allowed = typesOf(content);
  const chosen = declaredTypes(declared).find((type) => allowed.includes(type));
  // Bytes are an old-style ramdisk only if the row says so.
  const others = allowed.slice(1).filter((type) => !isOldRamdisk(content, type));
  const types = chosen === undefined ? [...allowed.slice(0, 1), ...others] : [chosen];
  return types.map((imageType) => {
    const envelope = isOldRamdisk(content, imageType) ? null : foundEnvelope(content, declared.tuple.envelope);
    return { imageType, containerType, envelope };
  });
}

/** Strongest first: live references, the row's one answer, then the words themselves. */
function declaredTypes({ row, facts, vocabulary }: Declared): readonly ImageType[] {
  const role: readonly ImageType[] = facts.used_as === 'kernel' || facts.used_as === 'ramdisk' ? [facts.used_as] : [];
  const decided = row.kind === 'decided' ? [row.classification.imageType] : [];
  const words = [vocabulary.disk.words.get(facts.disk)?.type, vocabulary.container.words.get(facts.container)?.type];
  return [...role, ...decided, ...words.filter((type) => type !== undefined && type !== null)];
}

interface TwoAnswers {
  readonly content: SeenContent;
  /** The answers of the bytes, the likeliest first: several if nothing chooses among them, or none. */
  readonly readings: readonly Classification[];
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** The same with the container and envelope that the bytes prove, and what it was combined from. */
  readonly row: Outcome;
  readonly input: Combination;
  readonly compared: ContentFacts;
}

/** The outcome of a `content` row. If the answer of the row does not change, the outcome keeps that row's id. */
function contentAnswer(fired: Row<ContentThen>, answers: TwoAnswers): Outcome {
  const { content, readings, without, row, input, compared } = answers;
  const [found = null, second, ...others] = readings;
  const container = containerOf(content);
  switch (fired.outcome.answer) {
    case 'row': {
      const capped = compared.content_tuple === 'differs' && row.kind === 'decided';
      return keepingName(capped ? { ...row, row: fired, status: 'inferred' } : { ...row, row: fired }, without);
    }
    case 'content': {
      if (found === null) break;
      const status = fired.outcome.status === 'exact' ? 'exact' : 'inferred';
      return { kind: 'decided', row: fired, status, classification: found };
    }
    case 'chosen': {
      const classification = found === null ? null : chosenBy(row, found);
      if (classification === null) break;
      return { kind: 'decided', row: fired, status: 'inferred', classification };
    }
    case 'content-then-row':
      return ambiguous(fired, [found ?? disk(container), ...classificationsOf(without)], content);
    case 'row-then-content': {
      const bytesSay = found === null ? classificationsOf(row) : [found];
      const ofSameType = classificationsOf(without).filter((own) =>
        bytesSay.some(({ imageType }) => imageType === own.imageType),
      );
      return ambiguous(
        fired,
        [...(ofSameType.length === 0 ? classificationsOf(without) : ofSameType), ...bytesSay],
        content,
      );
    }
    case 'row-then-other':
      return ambiguous(fired, [...classificationsOf(row), other(container)], content);
    case 'readings':
      if (found === null || second === undefined) break;
      return { kind: 'ambiguous', row: fired, candidates: [found, second, ...others], because: 'open' };
    case 'without-declared':
      if (content.kind === 'unread') break;
      return ambiguous(fired, [...readings, ...possible(content, answers)], content);
    case 'named':
      return keepingName(combine({ ...input, tuple: namedTuple(fired, content, input.tuple) }), without);
  }
  // The loader refuses rows that need a type where the bytes may name none.
  throw new Error(`content row ${fired.id} has no answer`);
}

/** The row's types in the envelope that the bytes allow, then `other`. */
function possible(content: ReadContent, { row, input }: TwoAnswers): readonly Classification[] {
  return [...classificationsOf(row), { ...other(containerOf(content)), envelope: input.tuple.envelope }].map(
    (classification) => ({ ...classification, envelope: knownEnvelope(content, classification.envelope) }),
  );
}

function other(containerType: ContainerType): Classification {
  return { imageType: 'other', containerType, envelope: null };
}

function disk(containerType: ContainerType): Classification {
  return { imageType: 'disk', containerType, envelope: null };
}

function containerOf(content: SeenContent): ContainerType {
  return content.kind === 'read' ? (content.containerType ?? 'raw') : 'raw';
}

function ambiguous(row: Row<ContentThen>, classifications: readonly Classification[], content: SeenContent): Outcome {
  const containerType = containerOf(content);
  const left = distinctClassifications(
    content.kind === 'unread' ? classifications : unrefuted(classifications, content),
  );
  // A row without an answer (NULL, NULL) gets the candidates that fit any bytes.
  const envelope = left[0]?.envelope ?? null;
  const any = [disk(containerType), other(containerType)].map((classification) => ({ ...classification, envelope }));
  const [first, second, ...others] = left.length >= 2 ? left : distinctClassifications([...left, ...any]);
  if (first === undefined || second === undefined) throw new Error(`content row ${row.id} has fewer than two sides`);
  return { kind: 'ambiguous', row, candidates: [first, second, ...others], because: 'content' };
}

/** Puts refuted candidates into the container of the bytes, and drops those that remain refuted. */
function unrefuted(classifications: readonly Classification[], content: ReadContent): readonly Classification[] {
  const containerType = containerOf(content);
  return classifications
    .map((classification) =>
      isRefuted(content, classification) ? { ...classification, containerType } : classification,
    )
    .filter((classification) => !isRefuted(content, classification));
}

/** The `types` of a content row in its `container`. Votes choose among them, as among those of a tuples row. */
function namedTuple(fired: Row<ContentThen>, content: SeenContent, tuple: TupleAnswer): TupleAnswer {
  const { types, container, status } = fired.outcome;
  const envelope = content.kind === 'read' ? foundEnvelope(content, tuple.envelope) : null;
  const classifications = types.map((imageType) => ({ imageType, containerType: container ?? 'raw', envelope }));
  const outcome = { ...tuple.outcome, status: status ?? 'ambiguous', admits: [], exactWithOwnKernel: 'no' as const };
  return { row: fired, outcome, classifications, envelope };
}

/** An answer that differs only in its status keeps the id: the spelling of a word must not change the rule. */
function keepingName(outcome: Outcome, without: Outcome): Outcome {
  return sameAnswer(outcome, without) ? { ...outcome, row: without.row } : outcome;
}

function sameAnswer(a: Outcome, b: Outcome): boolean {
  if (a.kind === 'decided') return b.kind === 'decided' && sameClassification(a.classification, b.classification);
  if (a.kind === 'ambiguous') {
    if (b.kind !== 'ambiguous' || a.candidates.length !== b.candidates.length) return false;
    return a.candidates.every((classification, i) =>
      sameClassification(classification, b.candidates[i] ?? classification),
    );
  }
  return b.kind === 'unmappable' && a.imageType === b.imageType && a.envelope === b.envelope;
}
