import type { Typing } from '../../model/decision.ts';
import type { ContainerType } from '../../model/vocabulary.ts';
import { combine, type Combination, type Outcome, type TupleAnswer } from './combine.ts';
import { chosenBy, isRefuted, type ContentFacts } from './content-fit.ts';
import { envelopeBeside, foundEnvelope } from './corrected-tuple.ts';
import type { ContentThen, Row } from '../table/outcome.ts';
import { distinctTypings, sameTyping } from '../table/resolve.ts';
import type { ReadContent, SeenContent } from './seen-content.ts';

/** What a `content` row joins. */
export interface TwoAnswers {
  readonly content: SeenContent;
  /**
   * The answers of the bytes, the likeliest first: several where nothing chooses among them, none where they name no
   * type.
   */
  readonly readings: readonly Typing[];
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** The same with the container and envelope that the bytes prove, and what it was combined from. */
  readonly row: Outcome;
  readonly input: Combination;
  readonly compared: ContentFacts;
}

/** The outcome that a `content` row gives; where the row's own answer stays, it keeps the name of the row that says it. */
export function contentAnswer(fired: Row<ContentThen>, answers: TwoAnswers): Outcome {
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
      return { kind: 'decided', row: fired, status, typing: found };
    }
    case 'chosen': {
      const typing = found === null ? null : chosenBy(row, found);
      if (typing === null) break;
      return { kind: 'decided', row: fired, status: 'inferred', typing };
    }
    case 'content-then-row':
      return ambiguous(fired, [found ?? disk(container), ...typingsOf(without)], content);
    case 'row-then-content': {
      const told = found === null ? typingsOf(row) : [found];
      const ofSameType = typingsOf(without).filter((own) => told.some((typing) => typing.imageType === own.imageType));
      return ambiguous(fired, [...(ofSameType.length === 0 ? typingsOf(without) : ofSameType), ...told], content);
    }
    case 'row-then-other':
      return ambiguous(fired, [...typingsOf(row), other(container)], content);
    case 'readings':
      if (found === null || second === undefined) break;
      return { kind: 'ambiguous', row: fired, candidates: [found, second, ...others], because: 'open' };
    case 'without-declared':
      if (content.kind === 'unread') break;
      return ambiguous(fired, [...readings, ...possible(content, answers)], content);
    case 'named':
      return keepingName(combine({ ...input, tuple: namedTuple(fired, content, input.tuple) }), without);
  }
  // The loader refuses rows that want a type of bytes that name none.
  throw new Error(`content row ${fired.id} has no answer`);
}

function typingsOf(outcome: Outcome): readonly Typing[] {
  if (outcome.kind === 'decided') return [outcome.typing];
  return outcome.kind === 'ambiguous' ? outcome.candidates : [];
}

/** The row's types in the envelope that the bytes leave, then `other`. */
function possible(content: ReadContent, { row, input }: TwoAnswers): readonly Typing[] {
  return [...typingsOf(row), { ...other(containerOf(content)), envelope: input.tuple.envelope }].map((typing) => ({
    ...typing,
    envelope: envelopeBeside(content, typing.envelope),
  }));
}

function other(containerType: ContainerType): Typing {
  return { imageType: 'other', containerType, envelope: null };
}

function disk(containerType: ContainerType): Typing {
  return { imageType: 'disk', containerType, envelope: null };
}

function containerOf(content: SeenContent): ContainerType {
  return content.kind === 'read' ? (content.containerType ?? 'raw') : 'raw';
}

function ambiguous(row: Row<ContentThen>, typings: readonly Typing[], content: SeenContent): Outcome {
  const containerType = containerOf(content);
  const left = distinctTypings(content.kind === 'unread' ? typings : unrefuted(typings, content));
  // A row without an answer of its own (NULL, NULL) leaves what can be said of any bytes.
  const envelope = left[0]?.envelope ?? null;
  const any = [disk(containerType), other(containerType)].map((typing) => ({ ...typing, envelope }));
  const [first, second, ...others] = left.length >= 2 ? left : distinctTypings([...left, ...any]);
  if (first === undefined || second === undefined) throw new Error(`content row ${row.id} has fewer than two sides`);
  return { kind: 'ambiguous', row, candidates: [first, second, ...others], because: 'content' };
}

/**
 * What the bytes refute is no candidate: its type is one in the container that they leave, unless they refute that as
 * well.
 */
function unrefuted(typings: readonly Typing[], content: ReadContent): readonly Typing[] {
  const containerType = containerOf(content);
  return typings
    .map((typing) => (isRefuted(content, typing) ? { ...typing, containerType } : typing))
    .filter((typing) => !isRefuted(content, typing));
}

/** The row's types in its container, for the votes to choose among as they do with a tuples row. */
function namedTuple(fired: Row<ContentThen>, content: SeenContent, tuple: TupleAnswer): TupleAnswer {
  const { types, container, status } = fired.outcome;
  const envelope = content.kind === 'read' ? foundEnvelope(content, tuple.envelope) : null;
  const typings = types.map((imageType) => ({ imageType, containerType: container ?? 'raw', envelope }));
  const outcome = { ...tuple.outcome, status: status ?? 'ambiguous', admits: [], exactWithOwnKernel: 'no' as const };
  return { row: fired, outcome, typings, envelope };
}

/** A status alone makes no other answer: how a word is spelled changes the status, and must not change the name. */
function keepingName(outcome: Outcome, without: Outcome): Outcome {
  return sameAnswer(outcome, without) ? { ...outcome, row: without.row } : outcome;
}

function sameAnswer(a: Outcome, b: Outcome): boolean {
  if (a.kind === 'decided') return b.kind === 'decided' && sameTyping(a.typing, b.typing);
  if (a.kind === 'ambiguous') {
    if (b.kind !== 'ambiguous' || a.candidates.length !== b.candidates.length) return false;
    return a.candidates.every((typing, i) => sameTyping(typing, b.candidates[i] ?? typing));
  }
  return b.kind === 'unmappable' && a.imageType === b.imageType && a.envelope === b.envelope;
}
