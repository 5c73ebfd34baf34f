import { type FindingCode, FINDINGS, type FindingText } from '../../model/finding.ts';
import type { ImageEvidence, ReferenceTarget } from '../../model/image.ts';
import { isDecided, type Decision } from '../../model/decision.ts';
import { STORED_COMPARISONS, type StoredDecision, type StoredState } from '../../model/stored-state.ts';
import type { ContentEvidence } from '../../model/verdict.ts';
import type { Outcome, TupleAnswer } from '../../rules/decide/combine.ts';
import { shownId } from '../../rules/decide/evidence-lines.ts';
import type { Explanation, Trace } from '../../rules/trace/trace.ts';
import { readLostProperties, readProperties, type PropertyReading } from '../../rules/trace/properties.ts';
import { candidateRecord, decisionPart, imagePart } from './decision-record.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { servicesBeforeRecord } from './service-record.ts';
import type { ReportHeader } from '../plan/report.ts';

/** Everything about one image as a JSON document. Values of properties are cut, and left out if they may be secret. */
export function explainRecord(explanation: Explanation, header: ReportHeader, next: readonly string[]) {
  const { evidence, trace, decision, stored } = explanation;
  const { image } = evidence;
  return {
    format_version: FORMAT_VERSION,
    glance_retype: { version: FORMAT_VERSION, ...header },
    image: {
      ...imagePart(image),
      deleted: image.deleted,
      // Text, because a size may be beyond what a JSON number holds exactly.
      size: image.size === null ? null : String(image.size),
      min_disk: image.minDisk,
    },
    decision: decisionRecord(evidence, decision),
    services_before: servicesBeforeRecord(decision.services),
    findings: decision.findings.map(findingRecord),
    properties: readProperties(evidence).map(propertyRecord),
    lost_properties: readLostProperties(evidence).map(propertyRecord),
    references: referencesRecord(evidence),
    content: evidence.content === undefined ? null : contentRecord(evidence.content),
    trace: traceRecord(trace),
    stored: storedRecord(stored),
    next,
  };
}

function decisionRecord({ image }: ImageEvidence, decision: Decision) {
  return {
    ...decisionPart(image, decision),
    reason: decision.reason,
    one_field_why: isDecided(decision) && decision.oneField.format === null ? decision.oneField.why : null,
    answered: decision.answered ?? null,
  };
}

function findingRecord(code: FindingCode) {
  const { severity, title, text }: FindingText = FINDINGS[code];
  return { code, severity, title, text };
}

function propertyRecord({ name, shown, token, countsAs }: PropertyReading) {
  return { name, value: shown, token: token === '' ? null : token, counts_as: countsAs };
}

function referencesRecord({ kernel, ramdisk, referencedBy }: ImageEvidence) {
  return {
    kernel: targetRecord(kernel),
    ramdisk: targetRecord(ramdisk),
    named_by:
      referencedBy === null
        ? null
        : {
            as_kernel: referencedBy.asKernel,
            as_ramdisk: referencedBy.asRamdisk,
            sample_kernel_of: referencedBy.sampleKernelOf,
            sample_ramdisk_of: referencedBy.sampleRamdiskOf,
          },
  };
}

function targetRecord(target: ReferenceTarget) {
  switch (target.kind) {
    case 'absent':
      return { kind: target.kind };
    case 'live': {
      const { kind, id, diskFormat, containerFormat } = target;
      return { kind, id: shownId(id), disk_format: diskFormat, container_format: containerFormat };
    }
    case 'deleted':
    case 'missing':
      return { kind: target.kind, id: shownId(target.id) };
  }
}

function contentRecord(content: ContentEvidence) {
  if (content.kind === 'unread') return { kind: content.kind, why: content.why };
  const { verdict } = content;
  return {
    kind: content.kind,
    image_type: verdict.imageType,
    container_type: verdict.containerType,
    container_basis: verdict.containerBasis,
    envelope: verdict.envelope,
    confidence: verdict.confidence,
    why: verdict.imageType === null ? verdict.why : null,
    also_read_as: verdict.imageType === null ? [] : verdict.alsoReadAs,
    reach: verdict.reach,
    refutes: verdict.refutes,
    evidence: verdict.evidence.map(({ offset, detail }) => ({ offset, detail })),
    safety: verdict.safety,
    cost: verdict.cost,
  };
}

function traceRecord({ decision, facts, sections, joining, content, hints }: Trace) {
  return {
    /** By the rules alone, without an answer of the operator. */
    rule: decision.rule,
    status: decision.status,
    facts,
    sections,
    joining:
      joining === null
        ? null
        : {
            kind: joining.kind,
            spelling: joining.spelling,
            votes: joining.votes.map(({ voter, row, types, container, containerIfUnsaid }) => ({
              voter,
              rule: row.id,
              reason: row.reason,
              types,
              container_type: container,
              container_type_if_unsaid: containerIfUnsaid,
            })),
            tuple: tupleRecord(joining.tuple),
            outcome: outcomeRecord(joining.outcome),
          },
    settling:
      content === null
        ? null
        : {
            rule: content.row.id,
            reason: content.row.reason,
            without_content: outcomeRecord(content.without),
            found: content.found === null ? null : candidateRecord(content.found),
            outcome: outcomeRecord(content.outcome),
          },
    hints: hints.map(({ weights, evidence }) => ({ ...evidence, weights })),
  };
}

function tupleRecord({ row, outcome, classifications, envelope }: TupleAnswer) {
  const { status, admits } = outcome;
  const candidates = classifications.map(candidateRecord);
  return { rule: row.id, reason: row.reason, status, classifications: candidates, envelope, admits };
}

function outcomeRecord(outcome: Outcome) {
  switch (outcome.kind) {
    case 'decided':
      return { status: outcome.status, rule: outcome.row.id, ...candidateRecord(outcome.classification) };
    case 'ambiguous':
      return { status: outcome.kind, rule: outcome.row.id, candidates: outcome.candidates.map(candidateRecord) };
    case 'unmappable':
      return { status: outcome.kind, rule: outcome.row.id, image_type: outcome.imageType, envelope: outcome.envelope };
  }
}

function storedRecord(stored: StoredState) {
  if (stored.kind !== 'expanded') return { state: stored.kind };
  const { current, earlier, run, comparison, results, target } = stored;
  return {
    state: stored.kind,
    target,
    standing: comparison,
    standing_text: STORED_COMPARISONS[comparison] as string,
    current: current === null ? null : storedDecisionRecord(current),
    run:
      run === null
        ? null
        : {
            id: run.id,
            state: run.state,
            rules_digest: run.rulesDigest,
            answers_digest: run.answersDigest,
            options: run.options,
            tool_version: run.toolVersion,
            started_at: run.startedAt,
            finished_at: run.finishedAt,
          },
    results:
      results === null
        ? null
        : {
            image_type: results.imageType,
            container_type: results.containerType,
            envelope: results.envelope,
            standing: results.integrity,
          },
    earlier: earlier.map((before) => ({ superseded_by: before.supersededBy, ...storedDecisionRecord(before) })),
  };
}

function storedDecisionRecord(stored: StoredDecision) {
  const { committed, evidence } = stored;
  return {
    run: stored.runId,
    batch: stored.batch,
    batch_uuid: committed?.uuid ?? null,
    pass: committed?.pass ?? null,
    committed_at: committed?.committedAt ?? null,
    status: stored.status,
    image_type: stored.imageType,
    container_type: stored.containerType,
    envelope: stored.envelope,
    rule: stored.rule,
    disk_format: stored.legacyDiskFormat,
    container_format: stored.legacyContainerFormat,
    status_glance: stored.glanceStatus,
    evidence: evidence?.evidence ?? null,
    findings: evidence?.findings ?? null,
    candidates: evidence?.candidates ?? null,
  };
}
