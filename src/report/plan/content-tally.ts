import type { Decision } from '../../model/decision.ts';
import { SAFETY, type SafetyCode } from '../../model/safety.ts';
import { biggestFirst, createBoundedGroups } from './bounded-groups.ts';
import type { ContentMismatch, ContentSummary } from './summary-shape.ts';
import { foldFormat } from '../../model/fold-word.ts';
import { mergeSamples, type SeenSample } from './sample-list.ts';

/** Mismatches counted separately; a site has some dozens. */
const MISMATCH_LIMIT = 500;
/** Refusals counted separately; they are made of format words and safety codes. */
const REASON_LIMIT = 200;

interface Counted {
  count: number;
  samples: readonly SeenSample[];
}

type Mismatch = Omit<ContentMismatch, 'sampleIds' | 'count'> & Counted;

/** Images of one decision, as far as counting their content goes. */
export interface ContentCell {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly count: number;
  readonly samples: readonly SeenSample[];
}

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

  add({ content, findings }: Decision, cell: ContentCell): void {
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
    const { refusal } = content;
    if (refusal !== null) {
      this.#refusedCount += cell.count;
      addTo(
        this.#refused.of(refusal, () => ({ reason: refusal, count: 0, samples: [] })),
        cell,
      );
    }
    if (findings.includes('CONTENT_MISMATCH')) this.#addMismatch(content, cell);
  }

  /** null where no image was asked for its content. */
  result(): ContentSummary | null {
    if (this.#read + this.#unread === 0) return null;
    const safety = [...this.#safety].map(([code, { count, samples }]) => {
      const { severity, title } = SAFETY[code];
      return { code, severity, title, count, sampleIds: idsOf(samples) };
    });
    return {
      read: this.#read,
      undetermined: this.#undetermined,
      unread: this.#unread,
      safety: (['error', 'warning', 'info'] as const).flatMap((severity) =>
        biggestFirst(
          safety.filter((item) => item.severity === severity),
          (item) => item.code,
        ),
      ),
      mismatches: biggestFirst(this.#mismatches.values(), mismatchKey).map(({ samples, ...mismatch }) => ({
        ...mismatch,
        sampleIds: idsOf(samples),
      })),
      otherMismatches: this.#otherMismatches,
      refused: {
        count: this.#refusedCount,
        reasons: biggestFirst(this.#refused.values(), (item) => item.reason).map(({ reason, count, samples }) => ({
          reason,
          count,
          sampleIds: idsOf(samples),
        })),
      },
    };
  }

  #addMismatch(found: Extract<Decision['content'], { readonly kind: 'read' }>, cell: ContentCell): void {
    const { imageType, containerType, envelope } = found;
    const declared = { diskFormat: foldFormat(cell.diskFormat), containerFormat: foldFormat(cell.containerFormat) };
    const mismatch = { ...declared, found: { imageType, containerType, envelope } };
    const group = this.#mismatches.of(mismatchKey(mismatch), () => ({ ...mismatch, count: 0, samples: [] }));
    if (group === null) this.#otherMismatches += cell.count;
    else addTo(group, cell);
  }
}

function addTo(counted: Counted | null, cell: ContentCell): void {
  if (counted === null) return;
  counted.count += cell.count;
  counted.samples = mergeSamples(counted.samples, cell.samples);
}

function idsOf(samples: readonly SeenSample[]): readonly string[] {
  return samples.map((sample) => sample.id);
}

function mismatchKey({ diskFormat, containerFormat, found }: Omit<ContentMismatch, 'count' | 'sampleIds'>): string {
  return JSON.stringify([diskFormat, containerFormat, found.imageType, found.containerType, found.envelope]);
}
