import type { Classification } from '../../model/decision.ts';
import type { ImageType } from '../../model/vocabulary.ts';
import type { Facts } from '../table/attribute.ts';
import { firstMatch } from '../table/condition.ts';
import type { ContentThen, Row } from '../table/outcome.ts';
import type { RuleTable } from '../table/rule-table.ts';
import type { Vocabulary } from '../table/word.ts';
import { combine, type Combination, type Outcome, type TupleAnswer } from './combine.ts';
import { contentAnswer } from './content-answer.ts';
import { contentFacts, type ContentFacts, isFirm, isOldRamdisk, typesOf } from './content-fit.ts';
import { correctedTuple, correctedVotes, foundEnvelope } from './corrected-tuple.ts';
import type { SeenContent } from './seen-content.ts';

/** How the bytes changed the answer of the row. */
export interface AppliedContent {
  readonly outcome: Outcome;
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** The answer of the bytes; null where they name no type. */
  readonly found: Classification | null;
  /** The `content` row that fired. */
  readonly row: Row<ContentThen>;
  readonly facts: ContentFacts;
}

/** Applies the content of an image to its decision. The first `content` row that holds says how the two answers are joined. */
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
 * The answers of the bytes; none where they name no type. Where the same bytes allow several types, a declared type is taken. If none is
 * declared, all of them are returned, the likeliest first.
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
