import { type ByteEvidence, type Verdict, REFUTABLE_FORMATS, type RefutableFormat } from '../../model/verdict.ts';
import type { ContainerType } from '../../model/vocabulary.ts';
import { CONTAINER_FORMATS } from '../containers/containers.ts';
import type { Magic } from '../containers/format/opening.ts';
import type { FileHead } from '../reading/fields.ts';
import { lacksCreateType } from '../containers/vmdk/descriptor.ts';

/** Evidence with the space of its offset: `here` is the layer that is judged; the detail names any other space. */
export interface Trace extends ByteEvidence {
  readonly space: 'here' | 'elsewhere';
}

type WithoutCost<V> = V extends unknown
  ? Omit<V, 'cost' | 'evidence' | 'inspection'> & { readonly evidence: readonly Trace[] }
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

/** What a judgement says unless something else is known. */
const UNLESS_KNOWN = {
  containerBasis: 'assumed',
  envelope: null,
  reach: 'whole',
  evidence: [],
  safety: [],
  refutes: [],
} as const;

export function undetermined(
  why: string,
  containerType: ContainerType | null,
  rest: Partial<Pick<UndeterminedJudgement, 'containerBasis' | 'envelope' | 'evidence' | 'safety' | 'state'>> = {},
): UndeterminedJudgement {
  return { imageType: null, containerType, confidence: 'undetermined', state: 'open', why, ...UNLESS_KNOWN, ...rest };
}

/** The judgement on a file of type `other`: it can be downloaded, and neither booted nor mounted. */
export function ofTypeOther(
  envelope: Judgement['envelope'],
  confidence: TypedJudgement['confidence'],
  evidence: readonly ByteEvidence[],
): TypedJudgement {
  const known = { envelope, evidence: here(evidence) };
  return { imageType: 'other', containerType: 'raw', confidence, alsoReadAs: [], ...UNLESS_KNOWN, ...known };
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

/** Printable ASCII only. Evidence is our own words; this holds even where a detail contains bytes of the image. */
function plain(detail: string): string {
  const text = detail.replaceAll(/[^\x20-\x7e]/gu, '?');
  return text.length > DETAIL_LENGTH ? `${text.slice(0, DETAIL_LENGTH - 3)}...` : text;
}

/**
 * First volume structure descriptor of an optical disc (ECMA-119, 6.7.1; ECMA-167, part 2, 8.3). In High Sierra its
 * text begins 8 bytes later.
 */
const DISC = 32_768;
const DISC_MAGICS: readonly Magic[] = [
  ...['CD001', 'BEA01', 'NSR02', 'NSR03', 'BOOT2', 'CDW02'].map((bytes) => ({ offset: DISC + 1, bytes })),
  { offset: DISC + 9, bytes: 'CDROM' },
];

/**
 * Lists the formats that a file cannot be: the bytes at the fixed places of their signatures are known, or the file
 * ends before them, and none is the signature. Bytes that were not read refute nothing. `recognised` names the
 * containers that were found by a second header or a descriptor instead.
 */
export function refutedFormats(file: FileHead, recognised: readonly string[]): readonly RefutableFormat[] {
  const lacksAll = (magics: readonly Magic[]): boolean => magics.every((magic) => isAbsent(file, magic));
  const absent: readonly string[] = [
    ...CONTAINER_FORMATS.filter(({ magics }) => magics.length > 0 && lacksAll(magics)).map(
      ({ containerType }) => containerType,
    ),
    ...(lacksAll(DISC_MAGICS) ? ['iso'] : []),
    ...(lacksCreateType(file) ? ['vmdk'] : []),
  ];
  return REFUTABLE_FORMATS.filter((format) => absent.includes(format) && !recognised.includes(format));
}

function isAbsent(file: FileHead, { offset, bytes }: Magic): boolean {
  return !file.head.is(offset, bytes) && (file.head.has(offset, bytes.length) || isReadWhole(file));
}

/** Whether the head is the whole file. */
function isReadWhole({ head, size }: FileHead): boolean {
  return size !== null && (size === 0 || head.has(size - 1, 1));
}
