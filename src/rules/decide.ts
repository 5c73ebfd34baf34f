import type { Decision, DecisionContent, Evidence, Typing } from '../model/decision.ts';
import type { Facts } from './attribute.ts';
import { combine, type Combination, type Outcome, type TupleAnswer, type Vote } from './combine.ts';
import { matches } from './condition.ts';
import { operatorFindings, safetyFindings } from './content-findings.ts';
import { disposition } from './disposition.ts';
import { evidenceLines, notApplicableLines } from './evidence-lines.ts';
import { type ReadFacts, readFacts, usedAs } from './facts.ts';
import { findingsOf } from './findings.ts';
import { novaRefusal, type NovaView, novaToday } from './nova-today.ts';
import type { Observation } from './observation.ts';
import { oneField } from './one-field.ts';
import type { Row, RowHead, Voter, VoteThen } from './outcome.ts';
import { rankCandidates } from './rank.ts';
import { operatorTyping, resolveEnvelope, resolveType, tupleTypings } from './resolve.ts';
import type { RuleTable } from './rule-table.ts';
import { besideDeclared } from './seen-content.ts';
import { settle } from './settle.ts';

/** Makes the decision for one observation: not_applicable, operator's rows, then votes and tuple together, then the content. */
export function decide(observed: Observation, table: RuleTable): Decision {
  const read = readFacts(observed, table);
  const seen = withDeclared(observed, read, table);
  const { facts } = read;
  const stopped = firstMatch(table.notApplicable, facts);
  if (stopped !== undefined) {
    const payload = facts.row === 'live' && stopped.when.has('block_devices') ? 'volumes' : 'none';
    return {
      status: 'not-applicable',
      rule: stopped.id,
      reason: stopped.reason,
      evidence: notApplicableLines(seen, read),
      findings: stopped.findings,
      novaToday: novaToday(novaView(seen, payload)),
    };
  }
  const told = firstMatch(table.operator, facts);
  const typing = told === undefined ? null : operatorTyping(told.outcome, facts, table.vocabulary);
  if (told !== undefined && typing !== null) {
    const evidence = [...evidenceLines(seen, read), { kind: 'operator', detail: `row ${told.id} of a rules file` }];
    const findings = [...safetyFindings(seen.content), ...operatorFindings(seen.content, typing)].toSorted();
    return decided({ row: told, status: told.outcome.status, typing, evidence, findings, seen });
  }
  return decideByTable(seen, read, table);
}

function withDeclared(seen: Observation, { disk }: ReadFacts, { vocabulary }: RuleTable): Observation {
  if (seen.content === null) return seen;
  return { ...seen, content: besideDeclared(seen.content, vocabulary.disk.words.get(disk.word)?.container ?? null) };
}

function decideByTable(seen: Observation, read: ReadFacts, table: RuleTable): Decision {
  const { facts } = read;
  const tuple = tupleAnswer(facts, table);
  const votes = [
    ...voteOf('references', firstMatch(table.references, facts), facts, table),
    ...voteOf('properties', firstMatch(table.properties, facts), facts, table),
  ];
  const input: Combination = {
    tuple,
    votes,
    ownKernel: facts.own_kernel === 'live' ? 'proven' : 'unproven',
    spelling: [read.disk, read.container].some((word) => word.folded || word.aliased) ? 'folded' : 'clean',
    contradictions: table.contradictions,
  };
  const settled = seen.content === null ? null : settle(seen.content, input, facts, table);
  const outcome = settled?.outcome ?? combine(input);
  const findings = findingsOf({ seen, read, table, tuple, votes, outcome, settled });
  const lines = evidenceLines(seen, read);
  const taken = [...(settled === null ? [] : [settled.row]), tuple.row, ...votes.map((vote) => vote.row)];
  const others = taken.filter((row) => row.id !== outcome.row.id);
  const took: readonly Evidence[] = others.map((row) => ({ kind: 'rule', detail: `row ${row.id}: ${row.reason}` }));

  if (outcome.kind === 'decided') return decided({ ...outcome, evidence: [...lines, ...took], findings, seen });
  if (outcome.kind === 'unmappable') {
    const { imageType, envelope } = outcome;
    return { status: 'unmappable', ...explain(outcome.row, [...lines, ...took], findings, seen), imageType, envelope };
  }
  const ranked =
    outcome.because === 'open'
      ? rankCandidates(outcome.candidates, seen)
      : { candidates: outcome.candidates, evidence: [] };
  const evidence = [...lines, ...took, ...ranked.evidence];
  return { status: 'ambiguous', ...explain(outcome.row, evidence, findings, seen), candidates: ranked.candidates };
}

function tupleAnswer(facts: Facts, table: RuleTable): TupleAnswer {
  const row = firstMatch(table.tuples, facts);
  const typings = row === undefined ? null : tupleTypings(row.outcome, facts, table.vocabulary);
  // The loader has proved both for every value of every attribute.
  if (row === undefined || typings === null) throw new Error(`no outcome for ${facts.disk},${facts.container}`);
  return {
    row,
    outcome: row.outcome,
    typings,
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

function firstMatch<Then>(rows: readonly Row<Then>[], facts: Facts): Row<Then> | undefined {
  return rows.find((row) => matches(row.when, facts));
}

interface DecidedParts {
  readonly row: RowHead;
  readonly status: Extract<Outcome, { kind: 'decided' }>['status'];
  readonly typing: Typing;
  readonly evidence: readonly Evidence[];
  readonly findings: Decision['findings'];
  readonly seen: Observation;
}

function decided({ row, status, typing, evidence, findings, seen }: DecidedParts): Decision {
  return {
    status,
    ...explain(row, evidence, findings, seen),
    typing,
    oneField: oneField(typing),
    disposition: disposition(typing.imageType),
  };
}

function explain(row: RowHead, evidence: readonly Evidence[], findings: Decision['findings'], seen: Observation) {
  const view = novaView(seen, 'bytes');
  const base = { rule: row.id, reason: row.reason, novaToday: novaToday(view) };
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
  const { imageType, containerType, envelope, safety, standing } = view.content;
  const confidence = standing === 'contested' ? 'undetermined' : standing;
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
