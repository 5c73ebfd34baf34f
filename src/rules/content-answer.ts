import type { Typing } from '../model/decision.ts';
import type { ContainerType } from '../model/vocabulary.ts';
import { combine, type Combination, type Outcome, type TupleAnswer } from './combine.ts';
import { chosenBy, isRefuted, type ContentFacts } from './content-fit.ts';
import { envelopeBeside, foundEnvelope } from './corrected-tuple.ts';
import type { ContentThen, Row } from './outcome.ts';
import { distinctTypings, sameTyping } from './resolve.ts';
import type { ReadContent, SeenContent } from './seen-content.ts';

/** What a `content` row joins. */
export interface TwoAnswers {
  readonly content: SeenContent;
  /** The answer of the bytes; null where they name no type. */
  readonly found: Typing | null;
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** The same with the container and envelope that the bytes prove, and what it was combined from. */
  readonly row: Outcome;
  readonly input: Combination;
  readonly compared: ContentFacts;
}

/** The outcome that a `content` row gives; where the row's own answer stays, it keeps the name of the row that says it. */
export function contentAnswer(fired: Row<ContentThen>, answers: TwoAnswers): Outcome {
  const { content, found, without, row, input, compared } = answers;
  const container = content.kind === 'read' ? (content.containerType ?? 'raw') : 'raw';
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
      return ambiguous(fired, [found ?? disk(container), ...typingsOf(without)], container);
    case 'row-then-content': {
      const told = found === null ? typingsOf(row) : [found];
      const ofSameType = typingsOf(without).filter((own) => told.some((typing) => typing.imageType === own.imageType));
      return ambiguous(fired, [...(ofSameType.length === 0 ? typingsOf(without) : ofSameType), ...told], container);
    }
    case 'row-then-other':
      return ambiguous(fired, [...typingsOf(row), other(container)], container);
    case 'without-declared':
      if (content.kind === 'unread') break;
      return ambiguous(fired, [...(found === null ? [] : [found]), ...possible(content, answers)], container);
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

/** The row's types where the bytes do not refute them, in the container and envelope that they leave; then `other`. */
function possible(content: ReadContent, { row, input }: TwoAnswers): readonly Typing[] {
  const containerType = content.containerType ?? 'raw';
  const own = typingsOf(row).map((typing) => ({ ...typing, envelope: envelopeBeside(content, typing.envelope) }));
  return [
    ...own.map((typing) => (isRefuted(content, typing) ? { ...typing, containerType } : typing)),
    { ...other(containerType), envelope: envelopeBeside(content, input.tuple.envelope) },
  ].filter((typing) => !isRefuted(content, typing));
}

function other(containerType: ContainerType): Typing {
  return { imageType: 'other', containerType, envelope: null };
}

function disk(containerType: ContainerType): Typing {
  return { imageType: 'disk', containerType, envelope: null };
}

function ambiguous(row: Row<ContentThen>, typings: readonly Typing[], container: ContainerType): Outcome {
  // A row without an answer of its own (NULL, NULL) leaves what can be said of any bytes.
  const enough = distinctTypings(typings).length >= 2 ? typings : [...typings, disk(container), other(container)];
  const [first, second, ...others] = distinctTypings(enough);
  if (first === undefined || second === undefined) throw new Error(`content row ${row.id} has fewer than two sides`);
  return { kind: 'ambiguous', row, candidates: [first, second, ...others], because: 'content' };
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
