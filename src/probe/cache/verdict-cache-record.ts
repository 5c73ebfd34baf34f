import { SAFETY_CODES } from '../../model/safety.ts';
import { CONFIDENCES, REFUTABLE_FORMATS, type ByteEvidence, type Verdict } from '../../model/verdict.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';

/** The prober writes no longer text, so a record that has one is not ours. */
const LONGEST_TEXT = 1_000;
const MOST_ENTRIES = 200;

/** The name of `state` in records. Caches keep it, so it does not follow the code. */
const STATE_KEY = 'standing';

/** Writes a verdict as JSON, without its cost: a verdict from the cache costs nothing. */
export function verdictRecord(verdict: Verdict): string {
  const { cost: _, ...rest } = verdict;
  if (rest.imageType !== null) return JSON.stringify(rest);
  const { state, ...undetermined } = rest;
  return JSON.stringify({ ...undetermined, [STATE_KEY]: state });
}

/** Reads a record back. @returns null if any part of it differs from what the prober writes. */
export function readVerdictRecord(record: string): Verdict | null {
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const {
    imageType,
    containerType,
    confidence,
    containerBasis,
    envelope,
    evidence,
    safety,
    alsoReadAs,
    alsoWrappedAs = [],
    why,
    reach,
    refutes,
    [STATE_KEY]: state,
  } = value as Readonly<Record<string, unknown>>;
  const basis = oneOf(['proven', 'assumed'], containerBasis);
  const lines = listOf(evidence, byteEvidence);
  const codes = listOf(safety, (code) => oneOf(SAFETY_CODES, code));
  const container = oneOf(CONTAINER_TYPES, containerType);
  const wrapper = oneOf(ENVELOPES, envelope);
  const sure = oneOf(CONFIDENCES, confidence);
  const refuted = listOf(refutes, (format) => oneOf(REFUTABLE_FORMATS, format));
  const reached = oneOf(['whole', 'cut'], reach);
  if (basis === null || reached === null || refuted === null || lines === null || codes === null || sure === null)
    return null;
  if ((container === null && containerType !== null) || (wrapper === null && envelope !== null)) return null;
  const common = {
    containerBasis: basis,
    envelope: wrapper,
    reach: reached,
    refutes: refuted,
    evidence: lines,
    safety: codes,
    cost: { requests: 0, bytes: 0 },
  };
  if (sure === 'undetermined') {
    const contested = oneOf(['open', 'contested'], state);
    return imageType === null && isText(why) && contested !== null
      ? { ...common, imageType, containerType: container, confidence: sure, state: contested, why }
      : null;
  }
  const type = oneOf(IMAGE_TYPES, imageType);
  const others = listOf(alsoReadAs, (other) => oneOf(IMAGE_TYPES, other));
  const wrappers = listOf(alsoWrappedAs, (other) => oneOf(ENVELOPES, other));
  if (type === null || container === null || others === null || wrappers === null) return null;
  const typed = { ...common, imageType: type, containerType: container, confidence: sure, alsoReadAs: others };
  return wrappers.length === 0 ? typed : { ...typed, alsoWrappedAs: wrappers };
}

function byteEvidence(value: unknown): ByteEvidence | null {
  const { offset, detail } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<'offset' | 'detail', unknown>
  >;
  return typeof offset === 'number' && Number.isSafeInteger(offset) && isText(detail) ? { offset, detail } : null;
}

/** Whether a value is bounded printable ASCII, because it is shown to a person. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT && /^[\x20-\x7e]*$/u.test(value);
}

function oneOf<T extends string>(words: readonly T[], value: unknown): T | null {
  return words.find((word) => word === value) ?? null;
}

function listOf<T>(value: unknown, read: (entry: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) return null;
  const entries = value.map(read);
  return entries.every((entry) => entry !== null) ? entries : null;
}
