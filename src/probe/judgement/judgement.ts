import type { ByteEvidence, Verdict } from '../../model/verdict.ts';
import type { ContainerType } from '../../model/vocabulary.ts';

/**
 * Evidence with the space of its offset: `here` is the layer that is being judged; the detail names any other space.
 */
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

/** Bounds of a report, whatever the image holds: entries of evidence, and characters of each. */
const EVIDENCE_ENTRIES = 12;
const DETAIL_LENGTH = 200;

export function here(evidence: readonly ByteEvidence[]): readonly Trace[] {
  return evidence.map(({ offset, detail }) => ({ offset, detail, space: 'here' }));
}

/** Evidence at offsets of another space, named by `label`: `guest`, `decompressed`. */
export function elsewhere(label: string, evidence: readonly ByteEvidence[]): readonly Trace[] {
  return evidence.map(({ offset, detail }) => ({ offset, detail: `${label}: ${detail}`, space: 'elsewhere' }));
}

/** The evidence of an inner layer, for the layer around it. */
export function labelled(label: string, traces: readonly Trace[]): readonly Trace[] {
  return traces.map((trace) =>
    trace.space === 'here' ? { ...trace, detail: `${label}: ${trace.detail}`, space: 'elsewhere' } : trace,
  );
}

/** The evidence of a layer that lies unchanged inside this one, from offset `base` on. */
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

/** The judgement on a file of type `other`: it can be downloaded, and neither booted nor mounted. */
export function ofTypeOther(
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

/** The judgement with more evidence before and after its own. */
export function joined(judgement: Judgement, before: readonly Trace[], behind: readonly Trace[] = []): Judgement {
  return { ...judgement, evidence: [...before, ...judgement.evidence, ...behind] };
}

/** Bounds the evidence and sorts the safety codes, for a judgement that leaves the prober. */
export function bounded(judgement: Judgement): Judgement {
  const evidence = judgement.evidence.slice(0, EVIDENCE_ENTRIES);
  return {
    ...judgement,
    evidence: evidence.map((trace) => ({ ...trace, detail: plain(trace.detail) })),
    safety: [...new Set(judgement.safety)].sort(),
  };
}

/**
 * Printable ASCII only. Evidence consists of our own words; this holds even where a detail contains bytes of the image.
 */
function plain(detail: string): string {
  const text = detail.replaceAll(/[^\x20-\x7e]/gu, '?');
  return text.length > DETAIL_LENGTH ? `${text.slice(0, DETAIL_LENGTH - 3)}...` : text;
}
