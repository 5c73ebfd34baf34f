import type { Decision, Classification } from '../../src/model/decision.ts';
import type { ImageEvidence, ImageRecord, ReferencedBy, ReferenceTarget } from '../../src/model/image.ts';
import type { ContentEvidence, Verdict } from '../../src/model/verdict.ts';
import type { ContainerType, ImageType } from '../../src/model/vocabulary.ts';
import { createDecider } from '../../src/rules/decide/decider.ts';
import { observe } from '../../src/rules/decide/observation.ts';
import type { ReadContent } from '../../src/rules/decide/seen-content.ts';
import { loadRules } from '../../src/rules/table/load.ts';
import { createPredictor } from '../../src/services/predict/create-predictor.ts';
import { loadServices } from '../../src/services/table/load.ts';
import { shippedServices } from '../../src/services/table/service-files.ts';
import type { TupleThen } from '../../src/rules/table/rule-table.ts';
import { shippedRules } from '../../src/rules/table/rule-files.ts';
import { NOTHING_SEEN } from '../../src/model/inspection.ts';

/** The shipped table, loaded once. */
export const table = loadRules([shippedRules()]);
/** Predicts the services of a release that stays in the table, so that a newer one changes no expectation. */
export const predict = createPredictor(loadServices(shippedServices()), {
  release: '2026.1',
  before: null,
  novaBackend: 'qcow2',
});
export const decide = createDecider(table, predict);

export interface Example {
  readonly image?: Partial<ImageRecord>;
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly lost?: Readonly<Record<string, string | null>>;
  readonly kernel?: ReferenceTarget;
  readonly ramdisk?: ReferenceTarget;
  readonly referencedBy?: ReferencedBy | null;
  readonly content?: ContentEvidence;
}

/** An active image of 1 MiB without any evidence but its two words, changed by `example`. */
export function evidence(
  disk: string | null,
  container: string | null,
  { image, properties, lost, kernel, ramdisk, referencedBy, content }: Example = {},
): ImageEvidence {
  return {
    image: {
      id: 'a1b2c3d4-0000-4000-8000-000000000001',
      name: 'x',
      owner: 'o',
      status: 'active',
      deleted: false,
      diskFormat: disk,
      containerFormat: container,
      size: 1_048_576n,
      minDisk: 0,
      ...image,
    },
    properties: new Map(Object.entries(properties ?? {})),
    lostProperties: new Map(Object.entries(lost ?? {})),
    kernel: kernel ?? { kind: 'absent' },
    ramdisk: ramdisk ?? { kind: 'absent' },
    referencedBy: referencedBy ?? null,
    ...(content === undefined ? {} : { content }),
  };
}

export const KERNEL_ID = 'f0f0f0f0-0000-4000-8000-00000000000a';
export const liveKernel: Example = {
  kernel: { kind: 'live', id: KERNEL_ID, diskFormat: 'aki', containerFormat: 'aki' },
  properties: { kernel_id: KERNEL_ID },
};
export const asKernel: ReferencedBy = { asKernel: 2, asRamdisk: 0, sampleKernelOf: 'r1', sampleRamdiskOf: null };
export const asRamdisk: ReferencedBy = { asKernel: 0, asRamdisk: 1, sampleKernelOf: null, sampleRamdiskOf: 'r2' };
export const asBoth: ReferencedBy = { asKernel: 1, asRamdisk: 1, sampleKernelOf: 'r1', sampleRamdiskOf: 'r2' };

function classificationText({ imageType, containerType, envelope }: Classification): string {
  return `${imageType}/${containerType}${envelope === null ? '' : ` in ${envelope}`}`;
}

/** A decision in one line: `inferred disk/qcow2`, `ambiguous disk/raw | filesystem/raw`. */
export function outcomeText(decision: Decision): string {
  if (decision.status === 'not-applicable') return decision.status;
  if (decision.status === 'ambiguous') return `ambiguous ${decision.candidates.map(classificationText).join(' | ')}`;
  if (decision.status !== 'unmappable') return `${decision.status} ${classificationText(decision.classification)}`;
  return `unmappable ${decision.imageType ?? '-'}${decision.envelope === null ? '' : ` in ${decision.envelope}`}`;
}

/** Ids of all rows that took part in a decision. */
export function rowsOf(decision: Decision): readonly string[] {
  const others = decision.evidence
    .filter((line) => line.kind === 'rule')
    .map((line) => line.detail.replace(/^row (\S+):.*$/s, '$1'));
  return [decision.rule, ...others];
}

type TypedVerdict = Extract<Verdict, { readonly confidence: 'certain' | 'likely' | 'weak' }>;
type UntypedVerdict = Extract<Verdict, { readonly confidence: 'undetermined' }>;

/** A verdict that names a type: in raw for want of a magic, in any other container by its magic. */
export function typed(
  imageType: ImageType,
  containerType: ContainerType,
  confidence: TypedVerdict['confidence'],
  rest: Partial<TypedVerdict> = {},
): Example & { readonly content: ContentEvidence } {
  const verdict: TypedVerdict = {
    imageType,
    containerType,
    confidence,
    alsoReadAs: [],
    containerBasis: containerType === 'raw' ? 'assumed' : 'proven',
    reach: 'whole',
    refutes: [],
    inspection: NOTHING_SEEN,
    envelope: null,
    evidence: [{ offset: 510, detail: 'guest: MBR, 1 partition' }],
    safety: [],
    cost: { requests: 1, bytes: 524_288 },
    ...rest,
  };
  return { content: { kind: 'read', verdict } };
}

/** A verdict without a type. */
export function untyped(
  containerType: ContainerType | null,
  why = 'not recognised',
  rest: Partial<UntypedVerdict> = {},
): Example & { readonly content: ContentEvidence } {
  const verdict: UntypedVerdict = {
    imageType: null,
    containerType,
    confidence: 'undetermined',
    state: 'open',
    why,
    containerBasis: containerType === null || containerType === 'raw' ? 'assumed' : 'proven',
    reach: 'whole',
    refutes: [],
    inspection: NOTHING_SEEN,
    envelope: null,
    evidence: [],
    safety: [],
    cost: { requests: 1, bytes: 524_288 },
    ...rest,
  };
  return { content: { kind: 'read', verdict } };
}

/** The content of an example as decisions see it. */
export function readContent(example: Example): ReadContent {
  const seen = observe(evidence('raw', 'bare', example)).content;
  if (seen?.kind !== 'read') throw new Error('the content was not read');
  return seen;
}

/** The outcome of a tuples row: inferred disk/raw, changed by `rest`. */
export function tupleThen(rest: Partial<TupleThen>): TupleThen {
  return {
    status: 'inferred',
    types: ['disk'],
    containers: ['raw'],
    envelope: null,
    admits: [],
    exactWithOwnKernel: 'no',
    decidedBy: [],
    openContainers: [],
    ...rest,
  };
}
