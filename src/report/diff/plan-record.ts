import type { Decision } from '../../model/decision.ts';
import type { ImageRecord } from '../../model/image.ts';
import {
  type CandidateRecord,
  decisionPart,
  type DecisionPart,
  IMAGE_KEYS,
  imagePart,
  type ImagePart,
} from '../records/decision-record.ts';

/** Words as texts: a plan of another version may have more of them, and a comparison needs no meaning. */
type AsText<T> = T extends string
  ? string
  : T extends readonly (infer Item)[]
    ? readonly AsText<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: AsText<T[K]> }
      : T;

/** What images share. `question` and `answer` are null in files of versions that had neither. */
type DecisionWords = AsText<Omit<DecisionPart, 'status'>> & Pick<DecisionPart, 'status'>;

/** A decision record as a file has it. */
export type PlanRecord = ImagePart & DecisionWords;

export type CandidateWords = AsText<CandidateRecord>;

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
    const part = imagePart(image);
    return { key: JSON.stringify(part.image_id), own: ownText(part), shared };
  };
}

/** The record that the texts were made from. They are our own, so nothing is checked again. */
export function recordOf({ key, own, shared }: RecordTexts): PlanRecord {
  const row = JSON.parse(own) as readonly (string | null)[];
  const [, ...rowKeys] = IMAGE_KEYS;
  return {
    image_id: JSON.parse(key) as string,
    ...(Object.fromEntries(rowKeys.map((name, index) => [name, row[index] ?? null])) as unknown as Omit<
      ImagePart,
      'image_id'
    >),
    ...(JSON.parse(shared) as DecisionWords),
  };
}

function ownText({ name, owner, status_glance, disk_format, container_format }: ImagePart): string {
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
