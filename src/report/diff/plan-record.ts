import type { Decision } from '../../model/decision.ts';
import type { ImageRecord } from '../../model/image.ts';
import { DECISION_STATUSES } from '../../model/vocabulary.ts';
import { getOrMake } from '../plan/bounded-groups.ts';
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

/** What a service does, as far as plans are compared. `step` and `check` are null unless it refuses the image. */
interface ServiceWords {
  readonly verdict: string;
  readonly step: string | null;
  readonly check: string | null;
}

/** What images share. `question`, `answer` and `services` are null in files of versions that had none of them. */
type DecisionWords = AsText<Omit<DecisionPart, 'status' | 'services'>> &
  Pick<DecisionPart, 'status'> & { readonly services: Readonly<Record<string, ServiceWords>> | null };

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
    const shared = getOrMake(texts, decision, () => {
      const part = decisionPart(image, decision);
      return sharedText({ ...part, services: serviceWords(part.services) });
    });
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
    services: decision.services,
  } satisfies DecisionWords);
}

/** In the order of their names, whatever order a file has them in. */
function serviceWords(services: Readonly<Record<string, Partial<ServiceWords>>>): Record<string, ServiceWords> {
  const entries = Object.entries(services).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, { verdict = '', step = null, check = null }]) => [name, { verdict, step, check }]),
  );
}

type Given = Readonly<Record<string, unknown>>;

type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const TEXT: Check = ['a text', isText];
const TEXT_OR_NULL: Check = ['a text or null', isTextOrNull];
/** Later versions added the keys. */
const LATER_KEY: Check = ['a text or null', (value) => value === undefined || isTextOrNull(value)];

const CHECKS: Readonly<Record<keyof ImagePart | keyof DecisionPart, Check>> = {
  image_id: TEXT,
  name: TEXT_OR_NULL,
  owner: TEXT_OR_NULL,
  status_glance: TEXT,
  disk_format: TEXT_OR_NULL,
  container_format: TEXT_OR_NULL,
  image_type: TEXT_OR_NULL,
  container_type: TEXT_OR_NULL,
  envelope: TEXT_OR_NULL,
  format: TEXT_OR_NULL,
  status: [`one of ${DECISION_STATUSES.join(', ')}`, (value) => DECISION_STATUSES.some((status) => status === value)],
  rule: TEXT,
  candidates: ['a list of types', (value) => isListOf(value, isCandidate)],
  evidence: ['a list of kind and detail', (value) => isListOf(value, isEvidence)],
  findings: ['a list of codes', (value) => isListOf(value, isText)],
  disposition: TEXT_OR_NULL,
  nova_today: TEXT,
  question: LATER_KEY,
  answer: LATER_KEY,
  services: [
    'a verdict of each service',
    (value) => value === undefined || (isMap(value) && Object.values(value).every(isServiceVerdict)),
  ],
};

type LaterKey = 'question' | 'answer' | 'services';

/** A decision record, or what is wrong with the value. Unknown keys are ignored: later versions add some. */
export function readPlanRecord(
  value: unknown,
): { readonly record: PlanRecord } | { readonly expected: string; readonly found: string } {
  if (!isMap(value)) return { expected: 'a decision record, a JSON object', found: 'another JSON value' };
  const missing = Object.entries(CHECKS).filter(([key, [, holds]]) => value[key] === undefined && !holds(undefined));
  if (missing.length > 0) {
    return {
      expected: 'a decision record of `plan --json` or `plan --ndjson`',
      found: `no ${missing.map(([key]) => key).join(', ')} in it`,
    };
  }
  for (const [key, [expected, holds]] of Object.entries(CHECKS)) {
    if (!holds(value[key])) return { expected: `${expected} as ${key}`, found: 'something else' };
  }
  const whole = value as unknown as Omit<PlanRecord, LaterKey> & Partial<Pick<PlanRecord, LaterKey>>;
  const { question = null, answer = null, services = null } = whole;
  return { record: { ...whole, question, answer, services: services === null ? null : serviceWords(services) } };
}

function isMap(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isListOf(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

function isCandidate(value: unknown): boolean {
  return (
    isMap(value) && isText(value['image_type']) && isText(value['container_type']) && isTextOrNull(value['envelope'])
  );
}

function isServiceVerdict(value: unknown): boolean {
  const isLater = (text: unknown): boolean => text === undefined || isText(text);
  return isMap(value) && isText(value['verdict']) && isLater(value['step']) && isLater(value['check']);
}

function isEvidence(value: unknown): boolean {
  return isMap(value) && isText(value['kind']) && isText(value['detail']);
}
