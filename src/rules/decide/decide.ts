import type { Decision, DecisionContent, Evidence, Classification } from '../../model/decision.ts';
import type { Predictor } from '../../services/predictor.ts';
import { evidenceLines, notApplicableLines } from './evidence-lines.ts';
import { findingsOf, operatorFindings, safetyFindings } from './findings.ts';
import { foresee } from './foresee.ts';
import { novaVerdict } from './nova-today.ts';
import type { Observation } from './observation.ts';
import { disposition, oneField } from './one-field.ts';
import type { RowHead, RuleTable } from '../table/rule-table.ts';
import { type Steps, type StoppedSteps, takeSteps, type OperatorSteps, type WeighedSteps } from './steps.ts';

/**
 * Makes the decision for one observation. `takeSteps` has the order of the sections.
 *
 * @param predict says what the services do with the image. Status, type, rule and evidence never depend on it.
 */
export function decide(observed: Observation, table: RuleTable, predict: Predictor): Decision {
  return decisionOf(takeSteps(observed, table), table, predict);
}

/** The decision that the steps lead to. */
export function decisionOf(steps: Steps, table: RuleTable, predict: Predictor): Decision {
  switch (steps.kind) {
    case 'stopped':
      return notApplicable(steps, predict);
    case 'operator':
      return operatorsDecision(steps, predict);
    case 'weighed':
      return weighedDecision(steps, table, predict);
  }
}

function notApplicable({ seen, read, row }: StoppedSteps, predict: Predictor): Decision {
  const payload = read.facts.row === 'live' && row.when.has('block_devices') ? 'volumes' : 'none';
  return {
    status: 'not-applicable',
    rule: row.id,
    reason: row.reason,
    evidence: notApplicableLines(seen, read),
    findings: row.findings,
    ...foresee(seen, { payload, classification: null }, predict),
  };
}

function operatorsDecision({ seen, read, row, classification }: OperatorSteps, predict: Predictor): Decision {
  const evidence = [...evidenceLines(seen, read), { kind: 'operator', detail: `row ${row.id} of a rules file` }];
  const findings = [...safetyFindings(seen.content), ...operatorFindings(seen.content, classification)].toSorted();
  const shared = explain(row, { evidence, findings, seen, classification }, predict);
  return { status: row.outcome.status, ...shared, ...resultOf(classification) };
}

function weighedDecision(steps: WeighedSteps, table: RuleTable, predict: Predictor): Decision {
  const { seen, read, input, applied, outcome, ranked } = steps;
  const { tuple, votes } = input;
  const findings = findingsOf(steps, table);
  const lines = evidenceLines(seen, read);
  const taken = [...(applied === null ? [] : [applied.row]), tuple.row, ...votes.map((vote) => vote.row)];
  const others = taken.filter((row) => row.id !== outcome.row.id);
  const took: readonly Evidence[] = others.map((row) => ({ kind: 'rule', detail: `row ${row.id}: ${row.reason}` }));
  const evidence = [...lines, ...took, ...ranked.evidence];
  const classification = outcome.kind === 'decided' ? outcome.classification : null;
  const shared = explain(outcome.row, { evidence, findings, seen, classification }, predict);

  switch (outcome.kind) {
    case 'decided':
      return { status: outcome.status, ...shared, ...resultOf(outcome.classification) };
    case 'unmappable':
      return { status: 'unmappable', ...shared, imageType: outcome.imageType, envelope: outcome.envelope };
    case 'ambiguous':
      // Ranking changes the order and nothing else.
      return { status: 'ambiguous', ...shared, candidates: ranked.candidates as typeof outcome.candidates };
  }
}

function resultOf(classification: Classification) {
  return { classification, oneField: oneField(classification), disposition: disposition(classification.imageType) };
}

interface Seen extends Pick<Decision, 'evidence' | 'findings'> {
  readonly seen: Observation;
  /** null where nothing is decided. */
  readonly classification: Classification | null;
}

function explain({ id, reason }: RowHead, { evidence, findings, seen, classification }: Seen, predict: Predictor) {
  const foreseen = foresee(seen, { payload: 'bytes', classification }, predict);
  const refused = novaVerdict(foreseen.services).kind === 'refused';
  const content = decisionContent(seen);
  return {
    rule: id,
    reason,
    evidence,
    findings: refused ? [...findings, 'NOVA_REFUSES' as const].toSorted() : findings,
    ...foreseen,
    ...(content === null ? {} : { content }),
  };
}

function decisionContent({ content }: Observation): DecisionContent | null {
  if (content === null) return null;
  if (content.kind === 'unread') return { kind: 'unread' };
  const { imageType, containerType, envelope, safety, certainty } = content;
  const confidence = certainty === 'contested' ? 'undetermined' : certainty;
  return { kind: 'read', imageType, containerType, envelope, confidence, safety };
}
