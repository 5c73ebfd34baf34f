import type { Evidence, Classification } from '../../model/decision.ts';
import type { Facts } from '../table/attribute.ts';
import { combine, type Combination, type Outcome, type TupleAnswer, type Vote } from './combine.ts';
import { firstMatch } from '../table/condition.ts';
import { type AppliedContent, applyContent } from './apply-content.ts';
import { contentFact, type ReadFacts, readFacts } from './facts.ts';
import type { Observation } from './observation.ts';
import type { OperatorThen, Row, Voter, VoteThen, RuleTable } from '../table/rule-table.ts';
import { type Hint, rankCandidates } from './rank.ts';
import { operatorClassification, resolveEnvelope, resolveType, tupleClassifications } from '../table/resolve.ts';
import { assumeDeclared } from './seen-content.ts';

interface StepsBase {
  /** The observation, with a declared fixed VHD assumed in its content. */
  readonly seen: Observation;
  readonly read: ReadFacts;
}

/** A `not_applicable` row fired, and no other section was tried. */
export interface StoppedSteps extends StepsBase {
  readonly kind: 'stopped';
  readonly row: Row<null>;
}

/** A row of an operator's own rules file gave the answer. */
export interface OperatorSteps extends StepsBase {
  readonly kind: 'operator';
  readonly row: Row<OperatorThen>;
  readonly classification: Classification;
}

/** Votes and tuple were joined, the content was applied if it was read, and open candidates were ranked. */
export interface WeighedSteps extends StepsBase {
  readonly kind: 'weighed';
  readonly input: Combination;
  readonly applied: AppliedContent | null;
  readonly outcome: Outcome;
  readonly ranked: Ranked;
}

/** Candidates in the order of the hints; all lists are empty if nothing is open. */
interface Ranked {
  readonly candidates: readonly Classification[];
  readonly hints: readonly Hint[];
  readonly evidence: readonly Evidence[];
}

/** How a decision is made: everything that `decide` makes it from, and that a trace shows. */
export type Steps = StoppedSteps | OperatorSteps | WeighedSteps;

const NOTHING_OPEN: Ranked = { candidates: [], hints: [], evidence: [] };

/** Tries the sections in order: not_applicable, the operator's rows, votes and tuple together, the content. */
export function takeSteps(observed: Observation, table: RuleTable): Steps {
  const words = readFacts(observed, table);
  const seen = withDeclared(observed, words, table);
  const facts = { ...words.facts, content: contentFact(seen.content) };
  const read = { ...words, facts };
  const stopped = firstMatch(table.notApplicable, facts);
  if (stopped !== undefined) return { kind: 'stopped', seen, read, row: stopped };
  const own = firstMatch(table.operator, facts);
  const classification = own === undefined ? null : operatorClassification(own.outcome, facts, table.vocabulary);
  if (own !== undefined && classification !== null) return { kind: 'operator', seen, read, row: own, classification };
  return weigh(seen, read, table);
}

function withDeclared(seen: Observation, { disk }: ReadFacts, { vocabulary }: RuleTable): Observation {
  if (seen.content === null) return seen;
  return { ...seen, content: assumeDeclared(seen.content, vocabulary.disk.words.get(disk.word)?.container ?? null) };
}

function weigh(seen: Observation, read: ReadFacts, table: RuleTable): WeighedSteps {
  const { facts } = read;
  const input: Combination = {
    tuple: tupleAnswer(facts, table),
    votes: [
      ...voteOf('references', firstMatch(table.references, facts), facts, table),
      ...voteOf('properties', firstMatch(table.properties, facts), facts, table),
    ],
    ownKernel: facts.own_kernel === 'live' ? 'proven' : 'unproven',
    spelling: [read.disk, read.container].some((word) => word.folded || word.aliased) ? 'folded' : 'clean',
    contradictions: table.contradictions,
  };
  const applied = seen.content === null ? null : applyContent(seen.content, input, facts, table);
  const outcome = applied?.outcome ?? combine(input);
  return { kind: 'weighed', seen, read, input, applied, outcome, ranked: rank(outcome, seen) };
}

function rank(outcome: Outcome, seen: Observation): Ranked {
  if (outcome.kind !== 'ambiguous') return NOTHING_OPEN;
  if (outcome.because === 'open') return rankCandidates(outcome.candidates, seen);
  return { candidates: outcome.candidates, hints: [], evidence: [] };
}

function tupleAnswer(facts: Facts, table: RuleTable): TupleAnswer {
  const row = firstMatch(table.tuples, facts);
  const classifications = row === undefined ? null : tupleClassifications(row.outcome, facts, table.vocabulary);
  // The loader checks both for every value of every attribute.
  if (row === undefined || classifications === null) throw new Error(`no outcome for ${facts.disk},${facts.container}`);
  return {
    row,
    outcome: row.outcome,
    classifications,
    envelope: resolveEnvelope(row.outcome.envelope, facts, table.vocabulary),
  };
}

function voteOf(voter: Voter, row: Row<VoteThen> | undefined, facts: Facts, table: RuleTable): readonly Vote[] {
  if (row === undefined) return [];
  const types = row.outcome.types
    .map((ref) => resolveType(ref, facts, table.vocabulary))
    .filter((type) => type !== null);
  const { container, containerIfUnsaid } = row.outcome;
  return [{ voter, row, types: [...new Set(types)], container, containerIfUnsaid }];
}
