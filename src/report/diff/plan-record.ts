import type { Decision } from '../../model/decision.ts';
import type { ImageRecord } from '../../model/image.ts';
import type { DecisionStatus } from '../../model/vocabulary.ts';
import { decisionPart, IMAGE_KEYS } from '../records/decision-record.ts';

/**
 * A decision record as a file has it. Words are kept as texts and not held against the vocabulary: a plan of another version may
 * have more of them, and to compare takes no meaning.
 */
export interface PlanRecord extends RowPart, DecisionWords {
  readonly image_id: string;
}

/** What an image has for itself, but for its id. */
interface RowPart {
  readonly name: string | null;
  readonly owner: string | null;
  readonly status_glance: string;
  readonly disk_format: string | null;
  readonly container_format: string | null;
}

export interface CandidateWords {
  readonly image_type: string;
  readonly container_type: string;
  readonly envelope: string | null;
}

/** What images share. */
interface DecisionWords {
  readonly image_type: string | null;
  readonly container_type: string | null;
  readonly envelope: string | null;
  readonly format: string | null;
  readonly status: DecisionStatus;
  readonly rule: string;
  readonly candidates: readonly CandidateWords[];
  readonly evidence: readonly { readonly kind: string; readonly detail: string }[];
  readonly findings: readonly string[];
  readonly disposition: string | null;
  readonly nova_today: string;
  /** null also in files that were written before there were questions and answers. */
  readonly question: string | null;
  readonly answer: string | null;
}

/** A record in two texts of a fixed form: equal records give equal texts, whatever wrote them. */
export interface RecordTexts {
  readonly key: string;
  readonly own: string;
  readonly shared: string;
}

export function recordTexts(record: PlanRecord): RecordTexts {
  return { key: JSON.stringify(record.image_id), own: ownText(record), shared: sharedText(record) };
}

/** Texts of decisions as they are made; each distinct decision is written once. */
export function createDecisionTexts(): (image: ImageRecord, decision: Decision) => RecordTexts {
  const texts = new WeakMap<Decision, string>();
  return (image, decision) => {
    let shared = texts.get(decision);
    if (shared === undefined) {
      shared = sharedText(decisionPart(image, decision));
      texts.set(decision, shared);
    }
    const { name, owner, status, diskFormat, containerFormat } = image;
    return {
      key: JSON.stringify(image.id),
      own: JSON.stringify([name, owner, status, diskFormat, containerFormat]),
      shared,
    };
  };
}

/** The record that the texts were made from. They are our own, so nothing is checked again. */
export function recordOf({ key, own, shared }: RecordTexts): PlanRecord {
  const row = JSON.parse(own) as readonly (string | null)[];
  const [, ...rowKeys] = IMAGE_KEYS;
  return {
    image_id: JSON.parse(key) as string,
    ...(Object.fromEntries(rowKeys.map((name, index) => [name, row[index] ?? null])) as unknown as RowPart),
    ...(JSON.parse(shared) as DecisionWords),
  };
}

function ownText({ name, owner, status_glance, disk_format, container_format }: RowPart): string {
  return JSON.stringify([name, owner, status_glance, disk_format, container_format]);
}

function sharedText(decision: DecisionWords): string {
  return JSON.stringify({
    image_type: decision.image_type,
    container_type: decision.container_type,
    envelope: decision.envelope,
    format: decision.format,
    status: decision.status,
    rule: decision.rule,
    candidates: decision.candidates.map(({ image_type, container_type, envelope }) => ({
      image_type,
      container_type,
      envelope,
    })),
    evidence: decision.evidence.map(({ kind, detail }) => ({ kind, detail })),
    findings: decision.findings,
    disposition: decision.disposition,
    nova_today: decision.nova_today,
    question: decision.question,
    answer: decision.answer,
  } satisfies DecisionWords);
}
