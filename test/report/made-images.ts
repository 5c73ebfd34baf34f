import type {
  AmbiguousDecision,
  Classification,
  DecidedDecision,
  Decision,
  DecisionContent,
  NotApplicableDecision,
  UnmappableDecision,
} from '../../src/model/decision.ts';
import type { ImageEvidence, ImageRecord } from '../../src/model/image.ts';
import type { ContainerType, Envelope, ImageType } from '../../src/model/vocabulary.ts';
import type { TextSink } from '../../src/report/output/sinks.ts';
import type { PlanReport, PlanSummary, ReportHeader } from '../../src/report/plan/report.ts';
import { createPlanSummary } from '../../src/report/plan/summary.ts';

/** A row of which only the named columns matter. */
export function row(columns: Partial<ImageRecord>): ImageEvidence {
  const image: ImageRecord = {
    id: '00000000-0000-4000-8000-000000000001',
    name: 'cirros',
    owner: 'tenant',
    status: 'active',
    deleted: false,
    diskFormat: 'qcow2',
    containerFormat: 'bare',
    size: 1n,
    minDisk: 0,
    ...columns,
  };
  return {
    image,
    properties: new Map(),
    lostProperties: new Map(),
    kernel: { kind: 'absent' },
    ramdisk: { kind: 'absent' },
    referencedBy: null,
  };
}

export function classification(
  imageType: ImageType,
  containerType: ContainerType,
  envelope: Envelope | null = null,
): Classification {
  return { imageType, containerType, envelope };
}

/** Bytes that were read and name no type. */
export const READ: Extract<DecisionContent, { readonly kind: 'read' }> = {
  kind: 'read',
  imageType: null,
  containerType: 'raw',
  envelope: null,
  confidence: 'undetermined',
  safety: [],
};

const base = {
  rule: 'RULE',
  reason: 'the reason',
  evidence: [],
  findings: [],
  novaToday: 'boot-disk',
  services: [],
} as const;

export function decided(fields: Partial<DecidedDecision> = {}): DecidedDecision {
  return {
    ...base,
    status: 'inferred',
    classification: classification('disk', 'qcow2'),
    oneField: { format: 'qcow2' },
    disposition: 'boot-disk',
    ...fields,
  };
}

export function ambiguous(fields: Partial<AmbiguousDecision> = {}): AmbiguousDecision {
  return {
    ...base,
    status: 'ambiguous',
    candidates: [classification('disk', 'raw'), classification('filesystem', 'raw')],
    ...fields,
  };
}

export function unmappable(fields: Partial<UnmappableDecision> = {}): UnmappableDecision {
  return { ...base, status: 'unmappable', imageType: null, envelope: null, ...fields };
}

export function notApplicable(fields: Partial<NotApplicableDecision> = {}): NotApplicableDecision {
  return { ...base, status: 'not-applicable', ...fields };
}

export function summaryOf(images: readonly (readonly [ImageEvidence, Decision, number?])[]): PlanSummary {
  const collector = createPlanSummary();
  for (const [evidence, decision, times = 1] of images) {
    for (let time = 0; time < times; time += 1) collector.add(evidence, decision);
  }
  return collector.result();
}

export const HEADER: ReportHeader = {
  tool_version: '0.1.0',
  created_at: '2026-01-31T12:00:00Z',
  database: 'mysql://glance@db1/glance',
  engine: 'MariaDB 10.11.6',
  era: '2024.1',
  rules_digest: 'sha256:abc',
  answers_digest: null,
  probe: 'off',
  target: null,
  openstack: null,
  openstack_before: null,
  nova_backend: null,
};

/** Keeps what is written, piece by piece. */
export function memorySink(): TextSink & { readonly pieces: string[]; readonly state: { ended: number } } {
  const pieces: string[] = [];
  const state = { ended: 0 };
  return {
    pieces,
    state,
    write(text) {
      pieces.push(text);
    },
    end() {
      state.ended += 1;
      return Promise.resolve();
    },
  };
}

/** Text that breaks careless writers: quotes, line ends, separators, NUL, emoji, half a surrogate pair, a formula, bidi, ESC. */
export const NASTY = [
  '',
  '"',
  '""',
  'a,b',
  'line\r\nbreak',
  '\n',
  '\r',
  'a\rb',
  ' blank ',
  'sep\u2028\u2029\u0085',
  'nul\u0000',
  '💾 👩‍👩‍👧',
  'half \ud83d',
  '=1+1',
  '\u202egnp.exe',
  '\u001b[31mred',
  '\u009b31m',
  '\ufeffbom',
  'NULL',
  'null',
  "'",
  '\\n',
] as const;

/** A plan's report around a summary, without answers. */
export function reportOf(summary: PlanSummary, fields: Partial<PlanReport> = {}): PlanReport {
  return {
    occasion: { kind: 'plan' },
    summary,
    header: HEADER,
    answers: null,
    owners: null,
    next: ['glance-retype expand'],
    serviceTitles: {},
    ...fields,
  };
}
