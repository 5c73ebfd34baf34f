import { DECISION_STATUSES } from '../../model/vocabulary.ts';
import type { DecisionPart, ImagePart } from '../records/decision-record.ts';
import type { PlanRecord } from './plan-record.ts';

/** A value of unknown make, as JSON.parse gives it. */
type Given = Readonly<Record<string, unknown>>;

const TEXT = 'a text';
const TEXT_OR_NULL = 'a text or null';

/** What each key must hold. */
const CHECKS: Readonly<Record<keyof ImagePart | keyof DecisionPart, readonly [string, (value: unknown) => boolean]>> = {
  image_id: [TEXT, isText],
  name: [TEXT_OR_NULL, isTextOrNull],
  owner: [TEXT_OR_NULL, isTextOrNull],
  status_glance: [TEXT, isText],
  disk_format: [TEXT_OR_NULL, isTextOrNull],
  container_format: [TEXT_OR_NULL, isTextOrNull],
  image_type: [TEXT_OR_NULL, isTextOrNull],
  container_type: [TEXT_OR_NULL, isTextOrNull],
  envelope: [TEXT_OR_NULL, isTextOrNull],
  format: [TEXT_OR_NULL, isTextOrNull],
  status: [`one of ${DECISION_STATUSES.join(', ')}`, (value) => DECISION_STATUSES.some((status) => status === value)],
  rule: [TEXT, isText],
  candidates: ['a list of types', (value) => isListOf(value, isCandidate)],
  evidence: ['a list of kind and detail', (value) => isListOf(value, isEvidence)],
  findings: ['a list of codes', (value) => isListOf(value, isText)],
  disposition: [TEXT_OR_NULL, isTextOrNull],
  nova_today: [TEXT, isText],
  question: [TEXT_OR_NULL, (value) => value === undefined || isTextOrNull(value)],
  answer: [TEXT_OR_NULL, (value) => value === undefined || isTextOrNull(value)],
};

/** A decision record, or what is wrong with the value. Keys that are not known are passed over: later versions add some. */
export function readPlanRecord(
  value: unknown,
): { readonly record: PlanRecord } | { readonly expected: string; readonly found: string } {
  if (!isMap(value)) return { expected: 'a decision record, a JSON object', found: 'another JSON value' };
  const missing = Object.keys(CHECKS).filter((key) => value[key] === undefined && !LATER_KEYS.has(key));
  if (missing.length > 0) {
    return {
      expected: 'a decision record of `plan --json` or `plan --ndjson`',
      found: `no ${missing.join(', ')} in it`,
    };
  }
  for (const [key, [expected, holds]] of Object.entries(CHECKS)) {
    if (!holds(value[key])) return { expected: `${expected} as ${key}`, found: 'something else' };
  }
  const whole = value as unknown as PlanRecord;
  return { record: { ...whole, question: whole.question ?? null, answer: whole.answer ?? null } };
}

const LATER_KEYS: ReadonlySet<string> = new Set(['question', 'answer']);

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

function isEvidence(value: unknown): boolean {
  return isMap(value) && isText(value['kind']) && isText(value['detail']);
}
