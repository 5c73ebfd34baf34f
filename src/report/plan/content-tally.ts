import type { Decision } from '../../model/decision.ts';
import { foldFormat } from '../../model/fold-word.ts';
import { SAFETY, type SafetyCode } from '../../model/safety.ts';
import {
  biggestFirst,
  createBoundedGroups,
  mergeSamples,
  sampled,
  type SeenSample,
  type TupleCell,
  worstFirst,
} from './bounded-groups.ts';
import type { ContentMismatch, ContentSummary, PlanSummary } from './report.ts';

/** Mismatches counted separately; a site has some dozens. */
const MISMATCH_LIMIT = 500;
/** Refusals counted separately; they are made of format words and safety codes. */
const REASON_LIMIT = 200;

interface Counted {
  count: number;
  samples: readonly SeenSample[];
}

type Mismatch = Omit<ContentMismatch, 'sampleIds' | 'count'> & Counted;

/** Counts what the bytes said beside what was declared. */
export class ContentTally {
  #read = 0;
  #undetermined = 0;
  #unread = 0;
  readonly #safety = new Map<SafetyCode, Counted>();
  readonly #mismatches = createBoundedGroups<Mismatch>(MISMATCH_LIMIT);
  #otherMismatches = 0;
  readonly #refused = createBoundedGroups<Counted & { readonly reason: string }>(REASON_LIMIT);
  #refusedCount = 0;

  add({ content, findings, services }: Decision, cell: TupleCell): void {
    if (content === undefined) return;
    if (content.kind === 'unread') {
      this.#unread += cell.count;
      return;
    }
    this.#read += cell.count;
    if (content.imageType === null) this.#undetermined += cell.count;
    for (const code of content.safety) {
      const counted = this.#safety.get(code) ?? { count: 0, samples: [] };
      this.#safety.set(code, counted);
      addTo(counted, cell);
    }
    const nova = services.find(({ service }) => service === 'nova')?.verdict;
    if (nova?.kind === 'refused') {
      const reason = nova.why;
      this.#refusedCount += cell.count;
      addTo(
        this.#refused.of(reason, () => ({ reason, count: 0, samples: [] })),
        cell,
      );
    }
    if (findings.includes('CONTENT_MISMATCH')) this.#addMismatch(content, cell);
  }

  /** null where no image was asked for its content. */
  result(): ContentSummary | null {
    if (this.#read + this.#unread === 0) return null;
    return {
      read: this.#read,
      undetermined: this.#undetermined,
      unread: this.#unread,
      safety: worstFirst(
        [...this.#safety].map(([code, found]) => {
          const { severity, title } = SAFETY[code];
          return { code, severity, title, ...sampled(found) };
        }),
      ),
      mismatches: biggestFirst(this.#mismatches.values(), mismatchKey).map((item) => sampled(item)),
      otherMismatches: this.#otherMismatches,
      refused: {
        count: this.#refusedCount,
        reasons: biggestFirst(this.#refused.values(), (item) => item.reason).map((item) => sampled(item)),
      },
    };
  }

  #addMismatch(found: Extract<Decision['content'], { readonly kind: 'read' }>, cell: TupleCell): void {
    const { imageType, containerType, envelope } = found;
    const declared = { diskFormat: foldFormat(cell.diskFormat), containerFormat: foldFormat(cell.containerFormat) };
    const mismatch = { ...declared, found: { imageType, containerType, envelope } };
    const group = this.#mismatches.of(mismatchKey(mismatch), () => ({ ...mismatch, count: 0, samples: [] }));
    if (group === null) this.#otherMismatches += cell.count;
    else addTo(group, cell);
  }
}

function addTo(counted: Counted | null, cell: TupleCell): void {
  if (counted === null) return;
  counted.count += cell.count;
  counted.samples = mergeSamples(counted.samples, cell.samples);
}

function mismatchKey({ diskFormat, containerFormat, found }: Omit<ContentMismatch, 'count' | 'sampleIds'>): string {
  return JSON.stringify([diskFormat, containerFormat, found.imageType, found.containerType, found.envelope]);
}

/** What is known of the danger in the images' bytes. */
export type LookedInside =
  /** No image was asked for its content. */
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'looked';
      /** Images that carry a safety code of severity error. */
      readonly dangerous: number;
      readonly caution: number;
      readonly read: number;
      readonly unread: number;
      /** Images with a payload whose content was not asked for. */
      readonly unasked: number;
    };

export function lookedInside({ content, findings, total, byStatus }: PlanSummary): LookedInside {
  if (content === null) return { kind: 'nobody' };
  const { read, unread } = content;
  const found = (code: 'UNSAFE_CONTENT' | 'CONTENT_CAUTION'): number =>
    findings.find((finding) => finding.code === code)?.count ?? 0;
  // A finding counts images; codes overlap in one image, so that of the most frequent one is the least there can be.
  const atLeast = (severity: 'error' | 'warning'): number =>
    Math.max(0, ...content.safety.filter((item) => item.severity === severity).map(({ count }) => count));
  return {
    kind: 'looked',
    dangerous: Math.max(found('UNSAFE_CONTENT'), atLeast('error')),
    caution: Math.max(found('CONTENT_CAUTION'), atLeast('warning')),
    read,
    unread,
    unasked: Math.max(0, total - byStatus['not-applicable'] - read - unread),
  };
}
