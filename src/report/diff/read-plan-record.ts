import { DECISION_STATUSES } from '../../model/vocabulary.ts';
import type { DecisionPart, ImagePart } from '../records/decision-record.ts';
import type { PlanRecord } from './plan-record.ts';

/** An object from JSON.parse. */
type Given = Readonly<Record<string, unknown>>;

type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const TEXT: Check = ['a text', isText];
const TEXT_OR_NULL: Check = ['a text or null', isTextOrNull];
/** Later versions added the key. */
const LATER_KEY: Check = ['a text or null', (value) => value === undefined || isTextOrNull(value)];

/** What each key must hold. */
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
};

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
  const whole = value as unknown as PlanRecord;
  return { record: { ...whole, question: whole.question ?? null, answer: whole.answer ?? null } };
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

function isEvidence(value: unknown): boolean {
  return isMap(value) && isText(value['kind']) && isText(value['detail']);
}
