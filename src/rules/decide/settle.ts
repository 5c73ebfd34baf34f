import type { Classification } from '../../model/decision.ts';
import type { Facts } from '../table/attribute.ts';
import { combine, type Combination, type Outcome } from './combine.ts';
import { matches } from '../table/condition.ts';
import { contentAnswer } from './content-answer.ts';
import { contentFacts, type ContentFacts, isFirm } from './content-fit.ts';
import { correctedTuple, correctedVotes } from './corrected-tuple.ts';
import { foundClassifications } from './found-classification.ts';
import type { ContentThen, Row } from '../table/outcome.ts';
import type { RuleTable } from '../table/rule-table.ts';
import type { SeenContent } from './seen-content.ts';

export interface Settled {
  readonly outcome: Outcome;
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** The answer of the bytes; null where they name no type. */
  readonly found: Classification | null;
  /** The `content` row that fired. */
  readonly row: Row<ContentThen>;
  readonly facts: ContentFacts;
}

/** Brings the content of an image into its decision: the first `content` row that holds says what becomes of the two answers. */
export function settle(content: SeenContent, input: Combination, facts: Facts, table: RuleTable): Settled {
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
  const fired = table.content.find(({ when }) => matches(when, { ...facts, ...compared }));
  // The loader has proved it for every value of every attribute.
  if (fired === undefined) throw new Error(`no content row for ${facts.content}`);
  const outcome = contentAnswer(fired, { content, readings, without, row, input: corrected, compared });
  return { outcome, without, found, row: fired, facts: compared };
}

/** A firm type is an answer of its own and corrects nothing. */
function correctedInput(input: Combination, content: SeenContent): Combination {
  if (content.kind === 'unread' || isFirm(content)) return input;
  return { ...input, tuple: correctedTuple(input.tuple, content), votes: correctedVotes(input.votes, content) };
}
