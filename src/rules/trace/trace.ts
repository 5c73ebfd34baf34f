import type { Classification, Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { StoredState } from '../../model/stored-state.ts';
import type { Predictor } from '../../services/predictor.ts';
import type { Attribute, Facts } from '../table/attribute.ts';
import type { AppliedContent } from '../decide/apply-content.ts';
import type { Combination, Outcome } from '../decide/combine.ts';
import { type Condition, conditionWords, matches } from '../table/condition.ts';
import { decisionOf } from '../decide/decide.ts';
import { observe } from '../decide/observation.ts';
import type { Hint } from '../decide/rank.ts';
import { RULE_SECTIONS, type RuleSection, type RuleTable, sectionRows } from '../table/rule-table.ts';
import { sameClassification } from '../table/resolve.ts';
import { type Steps, takeSteps } from '../decide/steps.ts';

/** One condition of a row that did not hold. */
export interface Miss {
  readonly attribute: Attribute;
  readonly found: string;
  /** Words that the row allows; long groups by name. Never empty. */
  readonly wanted: readonly string[];
}

/** A row that was tried. */
export interface TriedRow {
  readonly id: string;
  readonly reason: string;
  /** `config/rules.yaml:120 tuples[3]` */
  readonly place: string;
  /** Every condition that did not hold; empty for the row that fired. */
  readonly misses: readonly Miss[];
}

/** One section. Its rows are tried from the top; the first row whose conditions all hold fires. */
export interface SectionTrace {
  readonly section: RuleSection;
  /** Rows tried, in order; the row that fired is the last. Empty if the section was not tried. */
  readonly tried: readonly TriedRow[];
  readonly fired: string | null;
  readonly untried: number;
  /** Why no row was tried; null if rows were tried, or if the section has none. */
  readonly skipped: string | null;
}

/** How votes and tuple were joined, without the bytes. */
export const JOININGS = {
  alone: 'there is no other evidence, so the tuple decides',
  agrees: 'the votes agree with the tuple',
  chosen: 'the votes choose among the types that the tuple allows',
  admitted: 'the tuple has another answer, but admits what the votes say',
  brought: 'the tuple names no type; the votes name type and container',
  narrowed: 'the votes name a type, and more than one container is possible for it',
  contradiction: 'the evidence contradicts itself, so nothing is written',
} as const;

/** What was joined, how, and what it comes to without the bytes. */
export interface Joining extends Combination {
  readonly kind: keyof typeof JOININGS;
  readonly outcome: Outcome;
}

/** How a decision was made. */
export interface Trace {
  readonly decision: Decision;
  readonly facts: Facts;
  /** In the order of `RULE_SECTIONS`, without `contradictions`, whose rows have no conditions. */
  readonly sections: readonly SectionTrace[];
  /** null if a row ended the decision before the tuple was read. */
  readonly joining: Joining | null;
  /** null where the content was not read, or played no part. */
  readonly content: AppliedContent | null;
  /** Hints that ordered the candidates; empty if nothing is open. */
  readonly hints: readonly Hint[];
}

/** Everything that `explain` shows of one image. */
export interface Explanation {
  readonly evidence: ImageEvidence;
  /** By the rules alone. */
  readonly trace: Trace;
  /** By the rules and the answers; equal to the trace's decision if no answer matches the image. */
  readonly decision: Decision;
  readonly stored: StoredState;
}

/** Makes the same decision as the decider and records how. Pure. Slower than the decider; meant for single images. */
export function traceDecision(evidence: ImageEvidence, table: RuleTable, predict: Predictor): Trace {
  const steps = takeSteps(observe(evidence), table);
  const weighed = steps.kind === 'weighed' ? steps : null;
  const content = weighed?.applied ?? null;
  const facts = { ...steps.read.facts, ...content?.facts };
  return {
    decision: decisionOf(steps, table, predict),
    facts,
    sections: RULE_SECTIONS.filter((section) => section !== 'contradictions').map((section) =>
      traceSection(section, steps, facts, table),
    ),
    joining: weighed === null ? null : traceJoining(weighed.input, content?.without ?? weighed.outcome),
    content,
    hints: weighed?.ranked.hints ?? [],
  };
}

/** Says how votes and tuple were joined. */
export function traceJoining(input: Combination, outcome: Outcome): Joining {
  return { ...input, kind: joiningKind(input.tuple.classifications, input.votes.length, outcome), outcome };
}

function joiningKind(classifications: readonly Classification[], votes: number, outcome: Outcome): Joining['kind'] {
  if (votes === 0) return 'alone';
  if (outcome.kind === 'ambiguous') return outcome.because === 'contradiction' ? 'contradiction' : 'narrowed';
  if (outcome.kind === 'unmappable') return 'alone';
  const { classification } = outcome;
  if (classifications.length === 0) return 'brought';
  if (!classifications.some((own) => sameClassification(own, classification))) return 'admitted';
  return classifications.length === 1 ? 'agrees' : 'chosen';
}

function traceSection(section: RuleSection, steps: Steps, facts: Facts, table: RuleTable): SectionTrace {
  const rows = sectionRows(table, section);
  const skipped = skippedBecause(section, steps);
  if (skipped !== null) return { section, tried: [], fired: null, untried: rows.length, skipped };
  const at = rows.findIndex((row) => matches(row.when, facts));
  const tried = at === -1 ? rows : rows.slice(0, at + 1);
  return {
    section,
    tried: tried.map(({ id, reason, place, when }) => ({ id, reason, place, misses: missesOf(when, facts, table) })),
    fired: rows[at]?.id ?? null,
    untried: rows.length - tried.length,
    skipped: null,
  };
}

function skippedBecause(section: RuleSection, steps: Steps): string | null {
  if (section === 'not_applicable') return null;
  if (steps.kind === 'stopped') return `${steps.row.id} has ended it`;
  if (section === 'operator') return null;
  if (steps.kind === 'operator') return `your row ${steps.row.id} is the answer`;
  return section === 'content' && steps.applied === null ? 'the content was not read' : null;
}

function missesOf(when: Condition, facts: Facts, { vocabulary }: RuleTable): readonly Miss[] {
  return [...when]
    .filter(([attribute, allowed]) => !allowed.has(facts[attribute]))
    .map(([attribute, allowed]) => ({
      attribute,
      found: facts[attribute],
      wanted: conditionWords(attribute, allowed, vocabulary),
    }));
}
