import type { AnswerEffect, AnswerRemark, AnswerReview } from '../../../src/model/answer.ts';
import type { PageSection } from '../../../src/report/html/markup/fragments.ts';
import type { PlanReport, PlanSummary } from '../../../src/report/plan/report.ts';
import {
  ambiguous,
  classification,
  decided,
  HEADER,
  notApplicable,
  READ,
  reportOf,
  row,
  summaryOf,
  unmappable,
} from '../made-images.ts';
import { ACCEPTED, MISMATCH, NO_WORD, prediction, TWO, UNKNOWN } from '../made-services.ts';

/** Every list of a summary with something in it. */
export function fullSummary(): PlanSummary {
  const summary = summaryOf([
    [row({}), decided({ findings: ['KERNEL_MISSING', 'OVF_UNVERIFIED'] }), 40],
    [row({ diskFormat: 'raw' }), ambiguous({ evidence: [{ kind: 'property', detail: 'os_type is set' }] }), 7],
    [
      row({ diskFormat: 'root-tar' }),
      unmappable({ imageType: 'other', envelope: 'tgz', services: [prediction('nova', ACCEPTED, MISMATCH)] }),
      2,
    ],
    [
      row({ diskFormat: null, containerFormat: null, name: null }),
      unmappable({ services: [prediction('nova', NO_WORD, ACCEPTED)] }),
      1,
    ],
    [row({ diskFormat: 'iso' }), notApplicable({ rule: 'NA-DELETED', reason: 'the row is soft-deleted' }), 5],
    [
      row({ diskFormat: 'vhdx' }),
      decided({
        classification: classification('disk', 'vhdx', 'ova'),
        oneField: { format: null, why: 'no word for vhdx' },
      }),
      3,
    ],
    [
      row({ diskFormat: 'aki' }),
      decided({
        classification: classification('kernel', 'raw'),
        oneField: { format: 'aki' },
        disposition: 'use-as-kernel',
      }),
      4,
    ],
    [
      row({ diskFormat: 'raw', containerFormat: 'bare', id: 'bad-bytes' }),
      decided({
        findings: ['CONTENT_MISMATCH', 'NOVA_REFUSES', 'UNSAFE_CONTENT'],
        content: {
          ...READ,
          imageType: 'disk',
          containerType: 'qcow2',
          safety: ['BACKING_FILE'],
        },
      }),
      2,
    ],
    [
      row({ diskFormat: 'vdi' }),
      decided({
        content: { kind: 'unread' },
        findings: ['CONTENT_UNREAD'],
        services: [prediction('cinder', UNKNOWN, ACCEPTED)],
      }),
      1,
    ],
  ]);
  return summary;
}

export function effect(fields: Partial<AnswerEffect> = {}): AnswerEffect {
  return {
    id: 'raw-bare-3fa2c19d',
    place: 'answers.yaml:31',
    to: 'owner=tenant',
    value: { kind: 'classification', classification: classification('filesystem', 'raw') },
    author: 'Ada',
    date: '2026-11-24',
    reason: 'they said so',
    images: 11,
    settled: 9,
    overruled: 2,
    outside: 3,
    againstProof: 1,
    population: { written: 10, now: 12 },
    sampleIds: ['first', 'second'],
    ...fields,
  };
}

export function remark(fields: Partial<AnswerRemark> = {}): AnswerRemark {
  return { kind: 'nothing-met', place: 'answers.yaml:40', text: 'no image has it', weight: 'warns', ...fields };
}

export function review(fields: Partial<AnswerReview> = {}): AnswerReview {
  return { file: 'answers.yaml', digest: 'd1gest', effects: [effect()], remarks: [], ...fields };
}

/** A verification with answers, in which no section is empty. */
export function fullReport(): PlanReport {
  return {
    ...reportOf(fullSummary(), { header: { ...HEADER, ...TWO } }),
    occasion: {
      kind: 'verify',
      differences: [{ kind: 'legacy-changed', title: 'disk_format is no longer what it was', count: 3 }],
      sample: [{ kind: 'legacy-changed', subject: 'changed-1', stored: 'raw/bare', now: 'qcow2/bare' }],
    },
    answers: review({
      effects: [
        effect(),
        effect({ id: 'by-hand', value: { kind: 'leave' }, population: null, author: null, date: null }),
      ],
      remarks: [remark(), remark({ kind: 'grown', text: 'from 10 to 12', weight: 'refuses' })],
    }),
    owners: {
      listed: [
        {
          owner: 'tenant',
          undecided: 10,
          breaks: 4,
          questions: [{ question: 'raw-bare-3fa2c19d', count: 7 }],
          otherQuestions: 3,
        },
      ],
      others: { undecided: 1, breaks: 2 },
      unseen: 5,
    },
    next: ['glance-retype migrate --yes     # settles what changed'],
  };
}

/** Markup with its style element taken out. */
export function withoutStyle(page: string): string {
  return page.replace(/<style>[\s\S]*?<\/style>/, '');
}

/** What a reader sees: elements gone, entities read, blanks joined. */
export function textOf(page: string): string {
  return withoutStyle(page)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#96;', '`')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

/** What a reader sees of one section, without its heading. */
export function bodyText(section: PageSection | null): string {
  return section === null ? '' : textOf(section.body.toString());
}
