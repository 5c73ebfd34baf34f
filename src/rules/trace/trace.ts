import type { Decision, Classification } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { Attribute, Facts } from '../table/attribute.ts';
import type { Outcome } from '../decide/combine.ts';
import { type Condition, conditionWords, matches } from '../table/condition.ts';
import { decisionOf } from '../decide/decide.ts';
import { observe } from '../decide/observation.ts';
import type { Row } from '../table/outcome.ts';
import type { Hint } from '../decide/rank.ts';
import { RULE_SECTIONS, type RuleSection, type RuleTable, sectionRows } from '../table/rule-table.ts';
import { type Steps, takeSteps, type WeighedSteps } from '../decide/steps.ts';
import { traceJoining, type Joining } from './joining.ts';

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
  /** Rows below the one that fired. They are not tried. */
  readonly untried: number;
  /** Why no row was tried; null if rows were tried, or if the section has none. */
  readonly skipped: string | null;
}

/** How the bytes changed the answer of the row. */
interface ContentTrace {
  /** The `content` row that fired. */
  readonly rule: string;
  readonly reason: string;
  /** What the row says without the bytes. */
  readonly without: Outcome;
  /** What the bytes say; null if they name no type. */
  readonly found: Classification | null;
  readonly outcome: Outcome;
}

/** How a decision was made. */
export interface Trace {
  readonly decision: Decision;
  /** What conditions saw of the image. */
  readonly facts: Facts;
  /** In the order of `RULE_SECTIONS`, without `contradictions`, whose rows have no conditions. */
  readonly sections: readonly SectionTrace[];
  /** null if a row ended the decision before the tuple was read. */
  readonly joining: Joining | null;
  /** null where the content was not read, or played no part. */
  readonly content: ContentTrace | null;
  /** Hints that ordered the candidates; empty if nothing is open. */
  readonly hints: readonly Hint[];
}

/** Makes the same decision as the decider and records how. Pure. Slower than the decider; meant for single images. */
export function traceDecision(evidence: ImageEvidence, table: RuleTable): Trace {
  const steps = takeSteps(observe(evidence), table);
  const facts = { ...steps.read.facts, ...(steps.kind === 'weighed' ? steps.applied?.facts : undefined) };
  return {
    decision: decisionOf(steps, table),
    facts,
    sections: RULE_SECTIONS.filter((section) => section !== 'contradictions').map((section) =>
      traceSection(section, steps, facts, table),
    ),
    joining: steps.kind === 'weighed' ? traceJoining(steps.input, steps.applied?.without ?? steps.outcome) : null,
    content: steps.kind === 'weighed' ? traceContent(steps) : null,
    hints: steps.kind === 'weighed' ? steps.ranked.hints : [],
  };
}

function traceContent({ applied }: WeighedSteps): ContentTrace | null {
  if (applied === null) return null;
  const { row, without, found, outcome } = applied;
  return { rule: row.id, reason: row.reason, without, found, outcome };
}

function traceSection(section: RuleSection, steps: Steps, facts: Facts, table: RuleTable): SectionTrace {
  const rows = sectionRows(table, section);
  const skipped = skippedBecause(section, steps);
  if (skipped !== null) return { section, tried: [], fired: null, untried: rows.length, skipped };
  const at = rows.findIndex((row) => matches(row.when, facts));
  const tried = at === -1 ? rows : rows.slice(0, at + 1);
  return {
    section,
    tried: tried.map((row) => triedRow(row, facts, table)),
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

function triedRow({ id, reason, place, when }: Row<unknown>, facts: Facts, table: RuleTable): TriedRow {
  return { id, reason, place, misses: missesOf(when, facts, table) };
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
