import { INSPECTION_FACTS, type FactName, type Inspection, type LayerFacts } from '../../model/inspection.ts';
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
  try {
    return verdictOf(JSON.parse(record) as Readonly<Record<string, unknown>>);
  } catch {
    return null;
  }
}

function verdictOf(record: Readonly<Record<string, unknown>>): Verdict {
  const { imageType, containerType, envelope, alsoWrappedAs = [], [STATE_KEY]: state } = record;
  const confidence = oneOf(CONFIDENCES)(record['confidence']);
  const container = containerType === null ? null : oneOf(CONTAINER_TYPES)(containerType);
  const common = {
    containerBasis: oneOf(['proven', 'assumed'] as const)(record['containerBasis']),
    envelope: envelope === null ? null : oneOf(ENVELOPES)(envelope),
    reach: oneOf(['whole', 'cut'] as const)(record['reach']),
    refutes: listOf(record['refutes'], oneOf(REFUTABLE_FORMATS)),
    evidence: listOf(record['evidence'], byteEvidence),
    safety: listOf(record['safety'], oneOf(SAFETY_CODES)),
    inspection: inspectionOf(record['inspection']),
    cost: { requests: 0, bytes: 0 },
  };
  if (confidence === 'undetermined') {
    if (imageType !== null) throw new TypeError('a type that is undetermined');
    const open = oneOf(['open', 'contested'] as const)(state);
    return { ...common, imageType, containerType: container, confidence, state: open, why: text(record['why']) };
  }
  if (container === null) throw new TypeError('a type without a container');
  const alsoReadAs = listOf(record['alsoReadAs'], oneOf(IMAGE_TYPES));
  const wrappers = listOf(alsoWrappedAs, oneOf(ENVELOPES));
  const typed = {
    ...common,
    imageType: oneOf(IMAGE_TYPES)(imageType),
    containerType: container,
    confidence,
    alsoReadAs,
  };
  return wrappers.length === 0 ? typed : { ...typed, alsoWrappedAs: wrappers };
}

function byteEvidence(value: unknown): ByteEvidence {
  const { offset, detail } = value as Readonly<Record<string, unknown>>;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset)) throw new TypeError('no offset');
  return { offset, detail: text(detail) };
}

type Entries = Readonly<Record<string, unknown>>;

function inspectionOf(value: unknown): Inspection {
  const { file, guest } = value as { readonly file: Entries; readonly guest: Entries };
  return { file: factsOf(file), guest: guestOf(guest) };
}

function guestOf({ kind, facts, why }: Entries): Inspection['guest'] {
  if (kind === 'none') return { kind };
  if (kind === 'read') return { kind, facts: factsOf(facts as Entries) };
  if (kind === 'unread') return { kind, why: text(why) };
  throw new TypeError('no guest of the prober');
}

/** Every name must be a fact, every value one of that fact, or null. */
function factsOf(entries: Entries): LayerFacts {
  for (const [name, value] of Object.entries(entries)) {
    if (!isFactName(name) || (value !== null && !isValueOf(name, value))) throw new TypeError('no fact of the prober');
  }
  return entries;
}

function isFactName(name: string): name is FactName {
  return Object.hasOwn(INSPECTION_FACTS, name);
}

function isValueOf(name: FactName, value: unknown): boolean {
  const fact = INSPECTION_FACTS[name];
  if (fact.kind === 'word') return fact.words.some((word) => word === value);
  return fact.kind === 'flag' ? typeof value === 'boolean' : Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Bounded printable ASCII, because it is shown to a person. */
function text(value: unknown): string {
  if (typeof value === 'string' && value.length <= LONGEST_TEXT && /^[\x20-\x7e]*$/u.test(value)) return value;
  throw new TypeError('no text of the prober');
}

function oneOf<T extends string>(words: readonly T[]): (value: unknown) => T {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new TypeError('no word of the prober');
    return found;
  };
}

function listOf<T>(value: unknown, read: (entry: unknown) => T): readonly T[] {
  if (Array.isArray(value) && value.length <= MOST_ENTRIES) return value.map(read);
  throw new TypeError('no list of the prober');
}
