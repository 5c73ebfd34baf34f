import { type Classification, type Decision, type Evidence, isDecided } from '../../model/decision.ts';
import type { FindingCode } from '../../model/finding.ts';
import type { ImageEvidence, ImageRecord } from '../../model/image.ts';
import { questionId } from '../../model/question-id.ts';
import type {
  ContainerType,
  DecisionStatus,
  Disposition,
  Envelope,
  Format,
  ImageType,
} from '../../model/vocabulary.ts';
import { getOrMake } from '../plan/bounded-groups.ts';
import { jsonText } from '../words/safe-text.ts';
import { type ServicesRecord, servicesRecord } from './service-record.ts';

/** The half of a record that comes from the row: text exactly as read, NULL as null. */
export interface ImagePart {
  readonly image_id: string;
  readonly name: string | null;
  readonly owner: string | null;
  /** Glance's own status word. */
  readonly status_glance: string;
  readonly disk_format: string | null;
  readonly container_format: string | null;
}

export interface CandidateRecord {
  readonly image_type: ImageType;
  readonly container_type: ContainerType;
  readonly envelope: Envelope | null;
}

/** The half that comes from the decision; shared by every image of that decision. */
export interface DecisionPart {
  /** An unmappable image may have one although nothing is written. */
  readonly image_type: ImageType | null;
  readonly container_type: ContainerType | null;
  readonly envelope: Envelope | null;
  readonly format: Format | null;
  readonly status: DecisionStatus;
  readonly rule: string;
  /** Best first; empty unless ambiguous. */
  readonly candidates: readonly CandidateRecord[];
  readonly evidence: readonly Evidence[];
  readonly findings: readonly FindingCode[];
  /** null where nothing is decided. */
  readonly disposition: Disposition | null;
  readonly nova_today: Disposition;
  /** Where nothing is decided: the question that the image belongs to, as the questions file names it. */
  readonly question: string | null;
  /** Id of the operator's answer that met the image. */
  readonly answer: string | null;
  readonly services: ServicesRecord;
}

/** The machine-readable decision of one image. Keys are only ever added; every format has them in this order. */
export interface DecisionRecord extends ImagePart, DecisionPart {}

export const IMAGE_KEYS = [
  'image_id',
  'name',
  'owner',
  'status_glance',
  'disk_format',
  'container_format',
] as const satisfies readonly (keyof ImagePart)[];

export const DECISION_KEYS = [
  'image_type',
  'container_type',
  'envelope',
  'format',
  'status',
  'rule',
  'candidates',
  'evidence',
  'findings',
  'disposition',
  'nova_today',
  'question',
  'answer',
  'services',
] as const satisfies readonly (keyof DecisionPart)[];

export function decisionRecord({ image }: ImageEvidence, decision: Decision): DecisionRecord {
  return { ...imagePart(image), ...decisionPart(image, decision) };
}

export function imagePart(image: ImageRecord): ImagePart {
  return {
    image_id: image.id,
    name: image.name,
    owner: image.owner,
    status_glance: image.status,
    disk_format: image.diskFormat,
    container_format: image.containerFormat,
  };
}

/** The same for all images of one spelling of the tuple that share a decision. */
export function decisionPart(image: ImageRecord, decision: Decision): DecisionPart {
  const classification = isDecided(decision) ? decision.classification : null;
  const unmappable = decision.status === 'unmappable' ? decision : null;
  return {
    image_type: classification?.imageType ?? unmappable?.imageType ?? null,
    container_type: classification?.containerType ?? null,
    envelope: classification?.envelope ?? unmappable?.envelope ?? null,
    format: isDecided(decision) ? decision.oneField.format : null,
    status: decision.status,
    rule: decision.rule,
    candidates: decision.status === 'ambiguous' ? decision.candidates.map(candidateRecord) : [],
    evidence: decision.evidence.map(({ kind, detail }) => ({ kind, detail })),
    findings: [...decision.findings],
    disposition: isDecided(decision) ? decision.disposition : null,
    nova_today: decision.novaToday,
    question: questionId(image, decision),
    answer: decision.answered?.answer ?? null,
    services: servicesRecord(decision.services),
  };
}

export function candidateRecord({ imageType, containerType, envelope }: Classification): CandidateRecord {
  return { image_type: imageType, container_type: containerType, envelope };
}

/** Writes records as JSON text. Images share decisions, so the text of a decision is made once. */
export function createRecordText(): (image: ImageRecord, decision: Decision) => string {
  const tails = new WeakMap<Decision, string>();
  return (image, decision) => {
    const tail = getOrMake(tails, decision, () => `,${jsonText(decisionPart(image, decision)).slice(1)}`);
    return jsonText(imagePart(image)).slice(0, -1) + tail;
  };
}
