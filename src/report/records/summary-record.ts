import type { AnswerReview, AnswerValue } from '../../model/answer.ts';
import type { Classification } from '../../model/decision.ts';
import { candidateRecord, type CandidateRecord } from './decision-record.ts';
import type { ContentSummary } from '../plan/summary-shape.ts';
import type { Question } from '../../model/question.ts';
import type { OutcomeCount, PlanSummary } from '../plan/summary-shape.ts';

/** The summary as it stands in a JSON document: the same facts, keys in snake_case. Keys are only ever added. */
export function summaryRecord(summary: PlanSummary): object {
  return {
    total: summary.total,
    by_status: summary.byStatus,
    not_applicable: summary.notApplicable,
    tuples: summary.tuples.map((tuple) => ({
      disk_format: tuple.diskFormat,
      container_format: tuple.containerFormat,
      count: tuple.count,
      outcomes: tuple.outcomes.map(outcomeRecord),
    })),
    other_tuples: { count: summary.otherTuples.count, by_status: summary.otherTuples.byStatus },
    undecided: summary.undecided.map(questionRecord),
    other_undecided: summary.otherUndecided,
    findings: summary.findings.map(({ code, severity, title, count, sampleIds }) => ({
      code,
      severity,
      title,
      count,
      sample_ids: sampleIds,
    })),
    content: summary.content === null ? null : contentRecord(summary.content),
    cutover: {
      decided: summary.cutover.decided,
      different: summary.cutover.different,
      matrix: summary.cutover.matrix.map(({ novaToday, disposition, count }) => ({
        nova_today: novaToday,
        disposition,
        count,
      })),
    },
    one_field: {
      words: summary.oneField.words,
      lost: summary.oneField.lost.map(({ classification, why, count }) => ({
        ...candidateRecord(classification),
        why,
        count,
      })),
      envelopes: summary.oneField.envelopes,
    },
  };
}

function outcomeRecord(outcome: OutcomeCount): object {
  const { status, classification, candidates, imageType, rule, reason, count } = outcome;
  return {
    status,
    image_type: classification?.imageType ?? imageType,
    container_type: classification?.containerType ?? null,
    envelope: classification?.envelope ?? null,
    candidates: candidateRecords(candidates),
    rule,
    reason,
    count,
  };
}

function questionRecord(group: Question): object {
  return {
    question: group.id,
    status: group.status,
    disk_format: group.diskFormat,
    container_format: group.containerFormat,
    image_type: group.imageType,
    envelope: group.envelope,
    rule: group.rule,
    reason: group.reason,
    candidates: candidateRecords(group.candidates),
    count: group.count,
    content_unasked: group.contentUnasked,
    evidence: group.evidence,
    samples: group.samples,
  };
}

function contentRecord({ read, undetermined, unread, safety, ...rest }: ContentSummary): object {
  return {
    read,
    undetermined,
    unread,
    safety: safety.map(({ sampleIds, ...item }) => ({ ...item, sample_ids: sampleIds })),
    mismatches: rest.mismatches.map(({ diskFormat, containerFormat, found, count, sampleIds }) => ({
      disk_format: diskFormat,
      container_format: containerFormat,
      found: { image_type: found.imageType, container_type: found.containerType, envelope: found.envelope },
      count,
      sample_ids: sampleIds,
    })),
    other_mismatches: rest.otherMismatches,
    refused: {
      count: rest.refused.count,
      reasons: rest.refused.reasons.map(({ reason, count, sampleIds }) => ({ reason, count, sample_ids: sampleIds })),
    },
  };
}

function candidateRecords(candidates: readonly Classification[]): readonly CandidateRecord[] {
  return candidates.map(candidateRecord);
}

/** The preview of a answers file as it stands in a JSON document. Keys are only ever added. */
export function answersRecord({ file, digest, effects, remarks }: AnswerReview): object {
  return {
    file,
    digest,
    effects: effects.map(({ value, againstProof, sampleIds, ...effect }) => ({
      ...effect,
      answer: answerRecord(value),
      against_proof: againstProof,
      sample_ids: sampleIds,
    })),
    remarks,
  };
}

/** null: to be left as it is. */
function answerRecord(value: AnswerValue): object | null {
  return value.kind === 'leave' ? null : candidateRecord(value.classification);
}
