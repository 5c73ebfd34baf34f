import type { Decision, DecisionContent, Evidence, Classification } from '../../model/decision.ts';
import { evidenceLines, notApplicableLines } from './evidence-lines.ts';
import { usedAs } from './facts.ts';
import { findingsOf, operatorFindings, safetyFindings } from './findings.ts';
import { novaRefusal, type NovaView, novaToday } from './nova-today.ts';
import type { Observation } from './observation.ts';
import { disposition, oneField } from './one-field.ts';
import type { RowHead, RuleTable } from '../table/rule-table.ts';
import { type Steps, type StoppedSteps, takeSteps, type OperatorSteps, type WeighedSteps } from './steps.ts';

/** Makes the decision for one observation. `takeSteps` has the order of the sections. */
export function decide(observed: Observation, table: RuleTable): Decision {
  return decisionOf(takeSteps(observed, table), table);
}

/** The decision that the steps lead to. */
export function decisionOf(steps: Steps, table: RuleTable): Decision {
  switch (steps.kind) {
    case 'stopped':
      return notApplicable(steps);
    case 'operator':
      return operatorsDecision(steps);
    case 'weighed':
      return weighedDecision(steps, table);
  }
}

function notApplicable({ seen, read, row }: StoppedSteps): Decision {
  const payload = read.facts.row === 'live' && row.when.has('block_devices') ? 'volumes' : 'none';
  return {
    status: 'not-applicable',
    rule: row.id,
    reason: row.reason,
    evidence: notApplicableLines(seen, read),
    findings: row.findings,
    novaToday: novaToday(novaView(seen, payload)),
    services: [],
  };
}

function operatorsDecision({ seen, read, row, classification }: OperatorSteps): Decision {
  const evidence = [...evidenceLines(seen, read), { kind: 'operator', detail: `row ${row.id} of a rules file` }];
  const findings = [...safetyFindings(seen.content), ...operatorFindings(seen.content, classification)].toSorted();
  return { status: row.outcome.status, ...explain(row, evidence, findings, seen), ...resultOf(classification) };
}

function weighedDecision(steps: WeighedSteps, table: RuleTable): Decision {
  const { seen, read, input, applied, outcome, ranked } = steps;
  const { tuple, votes } = input;
  const findings = findingsOf(steps, table);
  const lines = evidenceLines(seen, read);
  const taken = [...(applied === null ? [] : [applied.row]), tuple.row, ...votes.map((vote) => vote.row)];
  const others = taken.filter((row) => row.id !== outcome.row.id);
  const took: readonly Evidence[] = others.map((row) => ({ kind: 'rule', detail: `row ${row.id}: ${row.reason}` }));

  if (outcome.kind === 'decided') {
    const { status, row, classification } = outcome;
    return { status, ...explain(row, [...lines, ...took], findings, seen), ...resultOf(classification) };
  }
  if (outcome.kind === 'unmappable') {
    const { imageType, envelope } = outcome;
    return { status: 'unmappable', ...explain(outcome.row, [...lines, ...took], findings, seen), imageType, envelope };
  }
  const evidence = [...lines, ...took, ...ranked.evidence];
  // Ranking changes the order and nothing else.
  const candidates = ranked.candidates as typeof outcome.candidates;
  return { status: 'ambiguous', ...explain(outcome.row, evidence, findings, seen), candidates };
}

function resultOf(classification: Classification) {
  return { classification, oneField: oneField(classification), disposition: disposition(classification.imageType) };
}

function explain(row: RowHead, evidence: readonly Evidence[], findings: Decision['findings'], seen: Observation) {
  const view = novaView(seen, 'bytes');
  const base = { rule: row.id, reason: row.reason, novaToday: novaToday(view), services: [] };
  const content = decisionContent(view);
  if (content === null) return { ...base, evidence, findings };
  if (content.kind === 'unread' || content.refusal === null) return { ...base, evidence, findings, content };
  const refused: Evidence = {
    kind: 'content',
    detail: `Nova and Glance of 2024 and later refuse it: ${content.refusal}`,
  };
  return {
    ...base,
    evidence: [...evidence, refused],
    findings: [...findings, 'NOVA_REFUSES' as const].toSorted(),
    content,
  };
}

function decisionContent(view: NovaView): DecisionContent | null {
  if (view.content === null) return null;
  if (view.content.kind === 'unread') return { kind: 'unread' };
  const { imageType, containerType, envelope, safety, certainty } = view.content;
  const confidence = certainty === 'contested' ? 'undetermined' : certainty;
  return { kind: 'read', imageType, containerType, envelope, confidence, safety, refusal: novaRefusal(view) };
}

function novaView(seen: Observation, payload: NovaView['payload']): NovaView {
  return {
    diskFormat: seen.diskFormat,
    containerFormat: seen.containerFormat,
    kernel: seen.kernel.kind,
    ramdisk: seen.ramdisk.kind,
    usedAs: usedAs(seen),
    payload,
    content: seen.content,
  };
}
