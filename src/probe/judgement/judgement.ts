import type { ByteEvidence, Verdict } from '../../model/verdict.ts';
import type { ContainerType } from '../../model/vocabulary.ts';

/** Evidence with the space its offset lies in: `here` is the layer that is being judged; anything else says so in its detail. */
export interface Trace extends ByteEvidence {
  readonly space: 'here' | 'elsewhere';
}

type WithoutCost<V> = V extends unknown
  ? Omit<V, 'cost' | 'evidence'> & { readonly evidence: readonly Trace[] }
  : never;

/** A verdict on one layer: a file, a member of an archive, the plaintext of compressed data. */
export type Judgement = WithoutCost<Verdict>;
export type TypedJudgement = Extract<Judgement, { readonly confidence: 'certain' | 'likely' | 'weak' }>;
export type UndeterminedJudgement = Extract<Judgement, { readonly confidence: 'undetermined' }>;

/** Entries kept of the evidence, and characters of each: a report stays bounded whatever the image holds. */
const EVIDENCE_ENTRIES = 12;
const DETAIL_LENGTH = 200;

export function here(evidence: readonly ByteEvidence[]): readonly Trace[] {
  return evidence.map(({ offset, detail }) => ({ offset, detail, space: 'here' }));
}

/** Evidence at offsets of another space, which `label` names: `guest`, `decompressed`. */
export function elsewhere(label: string, evidence: readonly ByteEvidence[]): readonly Trace[] {
  return evidence.map(({ offset, detail }) => ({ offset, detail: `${label}: ${detail}`, space: 'elsewhere' }));
}

/** The evidence of a layer inside, for the layer around it. */
export function labelled(label: string, traces: readonly Trace[]): readonly Trace[] {
  return traces.map((trace) =>
    trace.space === 'here' ? { ...trace, detail: `${label}: ${trace.detail}`, space: 'elsewhere' } : trace,
  );
}

/** The evidence of a layer that lies unchanged inside this one, from `base` on. */
export function shifted(base: number, traces: readonly Trace[]): readonly Trace[] {
  return traces.map((trace) => (trace.space === 'here' ? { ...trace, offset: trace.offset + base } : trace));
}

export function undetermined(
  why: string,
  containerType: ContainerType | null,
  rest: Partial<Pick<UndeterminedJudgement, 'containerBasis' | 'envelope' | 'evidence' | 'safety' | 'state'>> = {},
): UndeterminedJudgement {
  return {
    imageType: null,
    containerType,
    confidence: 'undetermined',
    state: 'open',
    why,
    containerBasis: 'assumed',
    envelope: null,
    reach: 'whole',
    evidence: [],
    safety: [],
    refutes: [],
    ...rest,
  };
}

/** A file that is no image the model has a word for: it can be handed out, and not booted or mounted. */
export function otherwise(
  envelope: Judgement['envelope'],
  confidence: TypedJudgement['confidence'],
  evidence: readonly ByteEvidence[],
): TypedJudgement {
  return {
    imageType: 'other',
    containerType: 'raw',
    confidence,
    alsoReadAs: [],
    containerBasis: 'assumed',
    envelope,
    reach: 'whole',
    evidence: here(evidence),
    safety: [],
    refutes: [],
  };
}

/** The judgement with more evidence before and behind its own. */
export function joined(judgement: Judgement, before: readonly Trace[], behind: readonly Trace[] = []): Judgement {
  return { ...judgement, evidence: [...before, ...judgement.evidence, ...behind] };
}

/** Bounds the evidence and sorts the safety codes: the shape in which a judgement leaves the prober. */
export function settled(judgement: Judgement): Judgement {
  const evidence = judgement.evidence.slice(0, EVIDENCE_ENTRIES);
  return {
    ...judgement,
    evidence: evidence.map((trace) => ({ ...trace, detail: plain(trace.detail) })),
    safety: [...new Set(judgement.safety)].sort(),
  };
}

/** Printable ASCII alone: evidence is made of our own words, and this holds even where one of them was taken from the image. */
function plain(detail: string): string {
  const text = detail.replaceAll(/[^\x20-\x7e]/gu, '?');
  return text.length > DETAIL_LENGTH ? `${text.slice(0, DETAIL_LENGTH - 3)}...` : text;
}
