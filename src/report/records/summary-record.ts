import type { AnswerReview } from '../../model/answer.ts';
import type { Question } from '../../model/question.ts';
import type {
  ContentSummary,
  OutcomeCount,
  OwnerSummary,
  PlanReport,
  PlanSummary,
  ServiceCount,
} from '../plan/report.ts';
import { candidateRecord } from './decision-record.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { remedyRecord } from './service-record.ts';

/** What a plan's JSON document says behind the images. */
export function planTail({
  header,
  summary,
  answers,
  owners,
}: Pick<PlanReport, 'header' | 'summary' | 'answers' | 'owners'>) {
  return {
    glance_retype: { version: FORMAT_VERSION, ...header },
    summary: summaryRecord(summary),
    answers: answers === null ? null : answersRecord(answers),
    owners: owners === null ? null : ownersRecord(owners),
  };
}

/** The summary in a JSON document. */
export function summaryRecord(summary: PlanSummary) {
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
    findings: summary.findings.map(sampledRecord),
    content: summary.content === null ? null : contentRecord(summary.content),
    services: Object.fromEntries(summary.services.map((each) => [each.service, serviceCountRecord(each)])),
    cutover: {
      decided: summary.cutover.decided,
      different: summary.cutover.different,
      breaks: summary.cutover.breaks,
      improves: summary.cutover.improves,
      matrix: summary.cutover.matrix.map(({ novaToday, ...cell }) => ({ nova_today: novaToday, ...cell })),
    },
    one_field: {
      words: summary.oneField.words,
      lost: summary.oneField.lost.map(({ classification, ...loss }) => ({
        ...candidateRecord(classification),
        ...loss,
      })),
      envelopes: summary.oneField.envelopes,
    },
  };
}

function sampledRecord<Item extends { readonly sampleIds: readonly string[] }>({ sampleIds, ...item }: Item) {
  return { ...item, sample_ids: sampleIds };
}

function outcomeRecord(outcome: OutcomeCount) {
  const { status, classification, candidates, imageType, rule, reason, count } = outcome;
  return {
    status,
    image_type: classification?.imageType ?? imageType,
    container_type: classification?.containerType ?? null,
    envelope: classification?.envelope ?? null,
    candidates: candidates.map(candidateRecord),
    rule,
    reason,
    count,
  };
}

function questionRecord(group: Question) {
  return {
    question: group.id,
    status: group.status,
    disk_format: group.diskFormat,
    container_format: group.containerFormat,
    image_type: group.imageType,
    envelope: group.envelope,
    rule: group.rule,
    reason: group.reason,
    candidates: group.candidates.map(candidateRecord),
    count: group.count,
    content_unasked: group.contentUnasked,
    evidence: group.evidence,
    samples: group.samples,
  };
}

function contentRecord({ read, undetermined, unread, safety, ...rest }: ContentSummary) {
  return {
    read,
    undetermined,
    unread,
    safety: safety.map(sampledRecord),
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
      reasons: rest.refused.reasons.map(sampledRecord),
    },
  };
}

function serviceCountRecord({ accepted, refused, unknown, transitions, ...lists }: ServiceCount) {
  return {
    accepted,
    refused,
    unknown,
    transitions:
      transitions === null
        ? null
        : {
            will_be_refused: transitions.willBeRefused,
            will_work: transitions.willWork,
            stays_refused: transitions.staysRefused,
            stays_accepted: transitions.staysAccepted,
            unknown: transitions.unknown,
          },
    refusals: lists.refusals.map(({ before, step, check, count, reasons }) => ({
      before,
      step,
      check,
      count,
      reasons: reasons.map(({ why, remedies, ...reason }) => ({
        why,
        remedies: remedies.map(remedyRecord),
        count: reason.count,
        sample_ids: reason.sampleIds,
      })),
    })),
    improvements: lists.improvements.map(({ step, check, count, sampleIds }) => ({
      step,
      check,
      count,
      sample_ids: sampleIds,
    })),
    unknowns: lists.unknowns.map(({ why, count, sampleIds }) => ({
      why,
      count,
      sample_ids: sampleIds,
    })),
  };
}

/** Whom to ask, in a JSON document. */
export function ownersRecord({ listed, others, unseen }: OwnerSummary) {
  return {
    listed: listed.map(({ otherQuestions, ...owner }) => ({ ...owner, other_questions: otherQuestions })),
    others,
    unseen,
  };
}

/** The effects of the answers in a JSON document. */
export function answersRecord({ file, digest, effects, remarks }: AnswerReview) {
  return {
    file,
    digest,
    effects: effects.map(({ value, againstProof, sampleIds, ...effect }) => ({
      ...effect,
      // null: to be left as it is.
      answer: value.kind === 'leave' ? null : candidateRecord(value.classification),
      against_proof: againstProof,
      sample_ids: sampleIds,
    })),
    remarks,
  };
}
